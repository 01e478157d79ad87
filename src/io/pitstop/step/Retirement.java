package io.pitstop.step;

import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The old colour's compute has been told to go by a contract that has not come to its first drop yet: the schema is whole,
 * but there may be nothing to go back to.
 *
 * @param at when contract began to take it away
 */
record Retirement(Instant at, Colour colour) {
    private static final String DESTROYING = "destroying idle environment";
    private static final String SCALING_DOWN = "scaling idle environment down";
    private static final List<String> NOTES = List.of(DESTROYING, SCALING_DOWN);

    /** Written before anything is taken away. */
    static void note(Lease contract, Idle idle, Colour colour, String drained) {
        contract.note(
                idle == Idle.DESTROY ? DESTROYING : SCALING_DOWN,
                Map.of("colour", colour.toString(), "evidence", drained));
    }

    /** Empty if no contract has begun to take it away since users moved, or if contract itself has begun. */
    static Optional<Retirement> of(ReleaseJournal journal, Release release) {
        Optional<Instant> switched = release.since(SWITCHED);
        if (switched.isEmpty() || release.finishedAt().isPresent() || release.is(CONTRACT_BEGUN)) {
            return Optional.empty();
        }
        return journal.events(release).stream()
                .filter(event -> NOTES.contains(event.event()) && !event.at().isBefore(switched.get()))
                .map(Event::at)
                .reduce((first, last) -> last)
                .map(at -> new Retirement(at, release.incumbent()));
    }

    /** One sentence. */
    @Override
    public String toString() {
        return "Contract began to take away the compute of " + colour + " at " + at
                + "; the old schema is still whole.";
    }
}
