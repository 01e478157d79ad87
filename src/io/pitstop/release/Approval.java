package io.pitstop.release;

import java.time.Instant;

/**
 * A decision as the journal has it.
 *
 * @param build Jenkins' build tag that recorded it, or empty
 * @param at when, by the database's clock
 */
public record Approval(Decision decision, String build, Instant at) {
    /** Such as {@code approved by ann at 2026-01-01T10:00:00Z}. */
    @Override
    public String toString() {
        String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
        return (decision.approved() ? "approved" : "declined") + " by " + decision.person() + " at " + at + reason;
    }
}
