package io.pitstop.metrics;

/**
 * What a colour, or a check, did to its requests since some moment.
 *
 * @param requests answered or failed
 * @param failures requests without a good answer: connection errors, timeouts and status 5xx
 * @param latency of all requests
 */
public record Figures(long requests, long failures, Latency latency) {
    public static Figures none() {
        return new Figures(0, 0, Latency.none());
    }

    /** Failed requests as a fraction of all, 0 to 1; 0 if there were none. */
    public double errorRate() {
        return requests == 0 ? 0 : (double) failures / requests;
    }

    /** What came after {@code earlier}, an older state of this same series. */
    public Figures since(Figures earlier) {
        return new Figures(requests - earlier.requests, failures - earlier.failures, latency.since(earlier.latency));
    }
}
