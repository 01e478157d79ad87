package io.pitstop.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;

/**
 * An alarm as it is now.
 *
 * @param value OK, ALARM, INSUFFICIENT_DATA, or what later versions of AWS may add
 * @param since when it became that; empty if AWS does not tell
 * @param reason in AWS' words; may be empty
 * @param isWhole false if AWS says that it was judged by a part of the data
 * @param window how far back it looks; empty if that cannot be seen from it, as of an alarm over others
 */
record AlarmState(String value, Optional<Instant> since, String reason, boolean isWhole, Optional<Duration> window) {
    static AlarmState of(MetricAlarm alarm) {
        return new AlarmState(
                String.valueOf(alarm.stateValueAsString()),
                since(alarm.stateTransitionedTimestamp(), alarm.stateUpdatedTimestamp()),
                Objects.requireNonNullElse(alarm.stateReason(), ""),
                alarm.evaluationStateAsString() == null,
                window(alarm));
    }

    static AlarmState of(CompositeAlarm alarm) {
        return new AlarmState(
                String.valueOf(alarm.stateValueAsString()),
                since(alarm.stateTransitionedTimestamp(), alarm.stateUpdatedTimestamp()),
                Objects.requireNonNullElse(alarm.stateReason(), ""),
                true,
                Optional.empty());
    }

    private static Optional<Instant> since(Instant changed, Instant written) {
        return Optional.ofNullable(changed).or(() -> Optional.ofNullable(written));
    }

    private static Optional<Duration> window(MetricAlarm alarm) {
        if (alarm.evaluationPeriods() == null) {
            return Optional.empty();
        }
        Stream<Integer> ofMetrics = alarm.metrics().stream()
                .flatMap(query -> Stream.of(
                        Optional.ofNullable(query.period()),
                        Optional.ofNullable(query.metricStat()).map(MetricStat::period)))
                .flatMap(Optional::stream);
        List<Integer> periods = Stream.concat(Optional.ofNullable(alarm.period()).stream(), ofMetrics)
                .toList();
        return periods.stream()
                .max(Integer::compare)
                .map(seconds -> Duration.ofSeconds((long) seconds * alarm.evaluationPeriods()));
    }
}
