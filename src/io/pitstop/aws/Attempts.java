package io.pitstop.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.http.HttpMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;

/** How the attempts of one call were answered; the exception of the call tells of the last one only. */
public final class Attempts implements MetricPublisher {
    private static final int NONE = 0;

    /** What a proxy or load balancer on the way says of a server that it got no answer from in time. */
    private static final Set<Integer> OF_THE_WAY = Set.of(408, 502, 504);

    private final List<Integer> statuses = new ArrayList<>();

    /** True if an attempt got no answer, or none of AWS itself: it may be carried out, now or later. */
    public boolean wereLost() {
        return statuses.stream().anyMatch(Attempts::isLost);
    }

    /** True if every attempt was told that nothing was done. */
    public boolean wereRefused() {
        return statuses.stream().allMatch(status -> status >= 400 && status < 500 && !isLost(status));
    }

    private static boolean isLost(int status) {
        return status == NONE || OF_THE_WAY.contains(status);
    }

    @Override
    public void publish(MetricCollection call) {
        for (MetricCollection attempt : call.children()) {
            List<Integer> status = attempt.metricValues(HttpMetric.HTTP_STATUS_CODE);
            statuses.add(status.isEmpty() ? NONE : status.get(0));
        }
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
