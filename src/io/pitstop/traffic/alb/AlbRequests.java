package io.pitstop.traffic.alb;

import io.pitstop.aws.Aws;
import io.pitstop.aws.AwsFailure;
import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/**
 * The requests of each target group, as CloudWatch counts them by the minute. It reports no zeros: a minute without a value
 * is one without requests only if it has one of the other group.
 */
final class AlbRequests {
    /** How far behind the newest count may be, and a minute for the one that is cut at the start. */
    static final Duration LAG = Duration.ofMinutes(7);

    private static final Duration TOO_OLD = Duration.ofMinutes(6);
    private static final int NEEDED_MINUTES = 3;
    private static final String METRIC = "RequestCount";

    private final Aws aws;
    private final AlbPlace place;

    AlbRequests(Aws aws, AlbPlace place) {
        this.aws = aws;
        this.place = place;
    }

    /**
     * What was counted of a colour in full minutes.
     *
     * @param from the start of the first minute
     * @param requests of the colour
     * @param witnessed minutes in which the other colour had some, so that there was counting at all
     * @param until the end of the last such minute; {@link Instant#MIN} if there is none
     * @param fresh true if that is only minutes ago
     */
    record Count(Instant from, long requests, int witnessed, Instant until, boolean fresh) {
        boolean showsNone() {
            return isZero() && witnessed >= NEEDED_MINUTES && fresh;
        }

        /** True if there was none for {@code time}, in which every cookie has run out. */
        boolean showsNoneFor(Duration time) {
            return showsNone() && !until.minus(time).isBefore(from);
        }

        boolean isZero() {
            return requests == 0;
        }

        @Override
        public String toString() {
            if (witnessed < NEEDED_MINUTES || !fresh) {
                return "CloudWatch has counted " + requests
                        + " requests of it, and too few of the other colour for that"
                        + " to mean anything: in " + witnessed + " full minutes"
                        + (witnessed > 0 ? ", the last before " + until : "");
            }
            return "CloudWatch counted " + requests + " requests of it until " + until
                    + ", and some of the other colour in " + witnessed + " full minutes";
        }
    }

    /**
     * @throws io.pitstop.error.DependencyFailed if CloudWatch cannot be asked
     * @throws io.pitstop.error.InvalidConfig if it may not be
     */
    Count since(Instant since, Instant now, Colour colour) {
        Instant from = since.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        Instant to = now.minus(Duration.ofMinutes(1)).truncatedTo(ChronoUnit.MINUTES);
        if (!from.isBefore(to)) {
            return new Count(from, 0, 0, Instant.MIN, false);
        }
        TreeMap<Instant, Double> ours = new TreeMap<>();
        TreeMap<Instant, Double> others = new TreeMap<>();
        try {
            CloudWatchClient cloudWatch = aws.cloudWatch();
            for (MetricDataResult result : cloudWatch
                    .getMetricDataPaginator(asked ->
                            asked.startTime(from).endTime(to).metricDataQueries(query(colour), query(colour.other())))
                    .metricDataResults()) {
                refuseUnread(result);
                collect(result, result.id().equals(colour.toString()) ? ours : others);
            }
        } catch (SdkException e) {
            throw AwsFailure.of("CloudWatch cannot be asked for requests", e);
        }
        others.values().removeIf(count -> count <= 0);
        Instant until = others.isEmpty() ? Instant.MIN : others.lastKey().plus(1, ChronoUnit.MINUTES);
        long requests = (long) Math.ceil(
                ours.values().stream().mapToDouble(Double::doubleValue).sum());
        return new Count(from, requests, others.size(), until, until.isAfter(now.minus(TOO_OLD)));
    }

    /** Each metric can fail by itself, and then looks like one without requests. */
    private static void refuseUnread(MetricDataResult result) {
        if (result.statusCode() != StatusCode.COMPLETE && result.statusCode() != StatusCode.PARTIAL_DATA) {
            throw new DependencyFailed(
                    "CloudWatch cannot tell the requests of " + result.id() + ": " + result.statusCodeAsString() + ".",
                    "Run the step again.");
        }
    }

    private static void collect(MetricDataResult result, Map<Instant, Double> minutes) {
        List<Instant> times = result.timestamps();
        for (int i = 0; i < times.size(); i++) {
            minutes.put(times.get(i), result.values().get(i));
        }
    }

    private MetricDataQuery query(Colour colour) {
        String group = place.groups().of(colour);
        Metric metric = Metric.builder()
                .namespace("AWS/ApplicationELB")
                .metricName(METRIC)
                .dimensions(
                        dimension("LoadBalancer", place.balancer()),
                        dimension("TargetGroup", group.substring(group.indexOf(":targetgroup/") + 1)))
                .build();
        return MetricDataQuery.builder()
                .id(colour.toString())
                .metricStat(MetricStat.builder()
                        .metric(metric)
                        .period(60)
                        .stat("Sum")
                        .build())
                .build();
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }
}
