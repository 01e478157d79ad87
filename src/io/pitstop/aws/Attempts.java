package io.pitstop.aws;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.HttpMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;

/** How the attempts of one call were answered; the exception of the call tells of the last one only. */
public final class Attempts implements MetricPublisher {
    private static final int NONE = 0;

    private final List<Integer> statuses = new ArrayList<>();

    /** True if an attempt got no answer: it may be carried out, now or later. */
    public boolean wereLost() {
        return statuses.contains(NONE);
    }

    /** True if every attempt was told that nothing was done. */
    public boolean wereRefused() {
        return statuses.stream().allMatch(status -> status >= 400 && status < 500);
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
