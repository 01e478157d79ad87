package io.pitstop.gate;

import io.pitstop.aws.Aws;
import io.pitstop.aws.AwsFailure;
import io.pitstop.aws.MetricValues;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/** The two questions that gates put to CloudWatch. */
final class CloudWatch {
    private final CloudWatchClient client;

    private CloudWatch(CloudWatchClient client) {
        this.client = client;
    }

    /** @throws InvalidConfig if the SDK finds no region */
    static CloudWatch of(Aws aws) {
        return new CloudWatch(aws.cloudWatch());
    }

    /** Returns the alarm of that name; empty if there is none. */
    Optional<AlarmState> alarm(String name) throws NoAnswer {
        // Without the types, AWS leaves composite alarms out.
        DescribeAlarmsResponse found = ask(() -> client.describeAlarms(
                request -> request.alarmNames(name).alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM)));
        return found.metricAlarms().stream().map(AlarmState::of).findFirst().or(() -> found.compositeAlarms().stream()
                .map(AlarmState::of)
                .findFirst());
    }

    /**
     * What was measured.
     *
     * @param values by the id of the query and the begin of the period
     * @param complaints why they may not be all; empty if they are
     */
    record Data(Map<String, TreeMap<Instant, Double>> values, List<String> complaints) {
        TreeMap<Instant, Double> of(String id) {
            return values.getOrDefault(id, new TreeMap<>());
        }
    }

    /** Asks for the values of all periods that begin in [{@code from}, {@code to}). */
    Data data(List<MetricDataQuery> queries, Instant from, Instant to) throws NoAnswer {
        MetricValues read = ask(() -> MetricValues.read(client, queries, from, to));
        List<String> complaints = new ArrayList<>(read.messages());
        read.statuses().forEach((id, status) -> {
            if (!status.equals(StatusCode.COMPLETE.toString())) {
                complaints.add(id + " is " + status);
            }
        });
        return new Data(read.values(), complaints);
    }

    private static <T> T ask(Supplier<T> question) throws NoAnswer {
        try {
            return question.get();
        } catch (SdkException e) {
            PitstopException meaning = AwsFailure.of("CloudWatch", e);
            if (meaning instanceof Interrupted) {
                throw meaning;
            }
            boolean asksWrongly = meaning instanceof InvalidConfig
                    || AwsFailure.code(e)
                            .map(code -> code.startsWith("Invalid") || code.startsWith("Validation"))
                            .orElse(false);
            String why = AwsFailure.words(e);
            throw asksWrongly ? NoAnswer.lasting(why, e) : NoAnswer.passing(why, e);
        }
    }
}
