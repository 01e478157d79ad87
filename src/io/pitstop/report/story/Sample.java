package io.pitstop.report.story;

import java.time.Instant;

/**
 * How users of one colour fared between two looks at the router.
 *
 * @param p50Ms median of their waiting, in milliseconds; 0 if the router does not measure it
 * @param p99Ms what 99 of 100 requests did not exceed; likewise
 */
public record Sample(
        String step,
        String colour,
        Instant from,
        Instant until,
        long requests,
        long failed,
        double p50Ms,
        double p99Ms) {
    /** Percent of the requests that failed. */
    public double errors() {
        return requests == 0 ? 0 : 100.0 * failed / requests;
    }

    public Instant middle() {
        return from.plus(java.time.Duration.between(from, until).dividedBy(2));
    }
}
