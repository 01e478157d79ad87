package io.pitstop.traffic.alb;

import io.pitstop.aws.Aws;
import io.pitstop.aws.AwsFailure;
import io.pitstop.aws.MetricValues;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
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
    private static final Duration ASK_EVERY = Duration.ofSeconds(30);
    private static final int NEEDED_MINUTES = 3;
    private static final String METRIC = "RequestCount";

    private final Aws aws;
    private final AlbPlace place;
    private final Map<Colour, Asked> asked = new EnumMap<>(Colour.class);
    private CloudWatchClient cloudWatch;

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

    /** What was told, or why nothing was. */
    private record Asked(Instant at, Supplier<Count> answer) {}

    /**
     * What was counted from {@code since} on. CloudWatch counts by the minute and takes money for each question, and who waits
     * looks every other second: it is asked at most once in 30 s, and answers the same, or fails the same, in between.
     *
     * @throws DependencyFailed if CloudWatch cannot be asked
     * @throws InvalidConfig if it may not be
     */
    Count since(Instant since, Instant now, Colour colour) {
        Asked last = asked.get(colour);
        if (last == null || !now.isBefore(last.at().plus(ASK_EVERY))) {
            last = new Asked(now, answer(since, now, colour));
            asked.put(colour, last);
        }
        return last.answer().get();
    }

    private Supplier<Count> answer(Instant since, Instant now, Colour colour) {
        try {
            Count count = count(since, now, colour);
            return () -> count;
        } catch (DependencyFailed | InvalidConfig failure) {
            return () -> {
                throw failure;
            };
        }
    }

    private Count count(Instant since, Instant now, Colour colour) {
        Instant from = since.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        Instant to = now.minus(Duration.ofMinutes(1)).truncatedTo(ChronoUnit.MINUTES);
        if (!from.isBefore(to)) {
            return new Count(from, 0, 0, Instant.MIN, false);
        }
        MetricValues minutes = minutes(from, to, colour);
        TreeMap<Instant, Double> others = minutes.of(colour.other().toString());
        others.values().removeIf(count -> count <= 0);
        Instant until = others.isEmpty() ? Instant.MIN : others.lastKey().plus(1, ChronoUnit.MINUTES);
        long requests = (long) Math.ceil(minutes.of(colour.toString()).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum());
        return new Count(from, requests, others.size(), until, until.isAfter(now.minus(TOO_OLD)));
    }

    /** Requests by the minute in which they were counted, by the colour that they were of. */
    private MetricValues minutes(Instant from, Instant to, Colour colour) {
        MetricValues minutes;
        try {
            minutes = MetricValues.read(client(), List.of(query(colour), query(colour.other())), from, to);
        } catch (SdkException e) {
            throw AwsFailure.of("CloudWatch cannot be asked for requests", e);
        }
        for (Colour each : Colour.values()) {
            refuseUnread(each, minutes.statuses().getOrDefault(each.toString(), "left out"));
        }
        return minutes;
    }

    /** A metric that failed looks like one without requests. */
    private static void refuseUnread(Colour colour, String end) {
        if (!end.equals(StatusCode.COMPLETE.toString())) {
            throw new DependencyFailed(
                    "CloudWatch cannot tell the requests of " + colour + ": " + end + ".", "Run the step again.");
        }
    }

    private CloudWatchClient client() {
        if (cloudWatch == null) {
            cloudWatch = aws.cloudWatch();
        }
        return cloudWatch;
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
