package io.pitstop.explore;

import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Router and compute at one moment.
 *
 * @param runs the version of each colour that has an environment
 * @param asleep colours that were scaled down to nothing
 * @param sick colours whose targets fail their health checks
 */
record Outside(Split split, Map<Colour, String> runs, Set<Colour> asleep, Set<Colour> sick) {
    Outside {
        runs = Map.copyOf(runs);
        asleep = Set.copyOf(asleep);
        sick = Set.copyOf(sick);
    }

    /** Version 1 is live on blue, and green is not there. */
    static Outside before() {
        return new Outside(Split.allTo(Colour.BLUE), Map.of(Colour.BLUE, "1"), Set.of(), Set.of());
    }

    /** True if the colour's targets answer. */
    boolean serves(Colour colour) {
        return isConnected(colour) && !sick.contains(colour);
    }

    /** True if the colour has sessions in the database. */
    boolean isConnected(Colour colour) {
        return runs.containsKey(colour) && !asleep.contains(colour);
    }

    Outside with(Split other) {
        return new Outside(other, runs, asleep, sick);
    }

    Outside running(Colour colour, String version) {
        Map<Colour, String> more = new EnumMap<>(Colour.class);
        more.putAll(runs);
        more.put(colour, version);
        return new Outside(split, more, without(asleep, colour), sick);
    }

    Outside removed(Colour colour) {
        Map<Colour, String> fewer = new EnumMap<>(Colour.class);
        fewer.putAll(runs);
        fewer.remove(colour);
        return new Outside(split, fewer, without(asleep, colour), sick);
    }

    Outside scaledDown(Colour colour) {
        return new Outside(split, runs, with(asleep, colour), sick);
    }

    Outside sick(Colour colour) {
        return new Outside(split, runs, asleep, with(sick, colour));
    }

    Outside healed() {
        return new Outside(split, runs, asleep, Set.of());
    }

    private static Set<Colour> with(Set<Colour> some, Colour colour) {
        Set<Colour> more = EnumSet.of(colour);
        more.addAll(some);
        return more;
    }

    private static Set<Colour> without(Set<Colour> some, Colour colour) {
        Set<Colour> fewer = EnumSet.noneOf(Colour.class);
        fewer.addAll(some);
        fewer.remove(colour);
        return fewer;
    }
}
