package io.pitstop.demo.witness;

import java.time.Instant;
import java.util.List;

/**
 * What the witness saw, from its first request to the last comparison.
 *
 * @param requests answered or not
 * @param failed without the answer that they had to get
 * @param writes acknowledged
 * @param lost posts that are missing, or that hold an older acknowledged value
 * @param altered posts that hold anything else that was never written, or whose two representations differ
 * @param compared how often a post was compared with what is stored, the unedited seed not counted
 * @param failures the first hundred
 * @param findings the first hundred of what was lost or altered, each post once
 */
public record Testimony(
        long requests,
        long failed,
        long writes,
        long lost,
        long altered,
        long compared,
        List<Phase> phases,
        List<Failure> failures,
        List<Finding> findings) {

    /**
     * A stretch of time that the demo gave a name. A request belongs to the phase in which it was due, its failure to that in
     * which it was sent; or to an outage, if it was under way when that began.
     */
    public record Phase(
            String name, double seconds, long requests, long failed, double p50Ms, double p95Ms, double p99Ms) {}

    /**
     * A request that went wrong.
     *
     * @param colour who answered, or "nobody"
     */
    public record Failure(Instant time, String phase, String colour, String operation, String expected, String got) {}

    /** A post that is not what it must be. */
    public record Finding(Instant time, Kind kind, long post, String expected, String found) {}

    /** What became of an acknowledged write. */
    public enum Kind {
        LOST,
        ALTERED
    }

    /** Whether every request and every write came to what it had to. */
    public boolean isClean() {
        return failed == 0 && lost == 0 && altered == 0;
    }
}
