package io.pitstop.release;

import static java.util.stream.Collectors.joining;

import io.pitstop.error.MoveRefused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One attempt to bring one version of an application to its users, as the journal last saw it.
 *
 * @param id unique name, {@code <application>-<version>-<attempt>}
 * @param candidate the colour that was idle when the release was opened; it gets the new version
 * @param fromVersion the version that was live when the release was opened; empty if unknown
 * @param facts what holds now, with the time it became true (database clock)
 * @param finishedAt when the release ended, by contract or by being abandoned
 */
public record Release(
        String id,
        String application,
        String version,
        String fromVersion,
        Colour candidate,
        Instant openedAt,
        Map<Fact, Instant> facts,
        Optional<Instant> finishedAt) {
    public Release {
        facts = Map.copyOf(facts);
    }

    public boolean is(Fact fact) {
        return facts.containsKey(fact);
    }

    /** The time since which {@code fact} holds; empty if it does not. */
    public Optional<Instant> since(Fact fact) {
        return Optional.ofNullable(facts.get(fact));
    }

    /** The colour that users are on while the candidate gets no traffic. */
    public Colour incumbent() {
        return candidate.other();
    }

    /**
     * Returns if all of {@code needed} hold.
     *
     * @throws MoveRefused naming each fact that is missing and the step that brings it about
     */
    public void require(Fact... needed) {
        List<Fact> missing = Stream.of(needed).filter(fact -> !is(fact)).toList();
        if (!missing.isEmpty()) {
            String names = missing.stream().map(Fact::words).collect(joining(", "));
            String steps = missing.stream().map(Fact::step).distinct().collect(joining(", then "));
            throw new MoveRefused("Release " + id + " is not " + names + " yet.", "Run " + steps + " first.");
        }
    }
}
