package io.pitstop.demo.witness;

import io.pitstop.release.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Which colour answered the requests of which moment. Remembers the last half million. */
final class Sightings {
    private static final int MOST = 500_000;

    private final Deque<Sighting> sightings = new ArrayDeque<>();

    private record Sighting(Instant sent, Colour colour) {}

    synchronized void add(Instant sent, Colour colour) {
        if (sightings.size() == MOST) {
            sightings.removeFirst();
        }
        sightings.addLast(new Sighting(sent, colour));
    }

    /** From {@code since} to the sending of the first request that {@code colour} answered. */
    synchronized Optional<Duration> firstOn(Colour colour, Instant since) {
        return first(colour, since).map(sent -> Duration.between(since, sent));
    }

    /** From {@code since} to the sending of the first request after which no other colour answered any. */
    synchronized Optional<Duration> allOn(Colour colour, Instant since, Instant until) {
        Instant last = sightings.stream()
                .filter(s -> s.colour() != colour && s.sent().isBefore(until))
                .map(Sighting::sent)
                .filter(sent -> !sent.isBefore(since))
                .max(Instant::compareTo)
                .orElse(since);
        return first(colour, last).filter(sent -> sent.isBefore(until)).map(sent -> Duration.between(since, sent));
    }

    private Optional<Instant> first(Colour colour, Instant from) {
        return sightings.stream()
                .filter(s -> s.colour() == colour && !s.sent().isBefore(from))
                .map(Sighting::sent)
                .min(Instant::compareTo);
    }
}
