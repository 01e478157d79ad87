package io.pitstop.gate;

import io.pitstop.aws.Aws;
import io.pitstop.aws.AwsFailure;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MessageData;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/** The two questions that gates put to CloudWatch. */
final class CloudWatch {
    /** Of up to 100,800 values each: more than any bake has periods. */
    private static final int MOST_PAGES = 100;

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
        Map<String, TreeMap<Instant, Double>> values = new HashMap<>();
        Map<String, String> incomplete = new TreeMap<>();
        List<String> complaints = new ArrayList<>();
        GetMetricDataRequest request = GetMetricDataRequest.builder()
                .metricDataQueries(queries)
                .startTime(from)
                .endTime(to)
                .build();
        String next = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            GetMetricDataRequest part = request.toBuilder().nextToken(next).build();
            GetMetricDataResponse answer = ask(() -> client.getMetricData(part));
            for (MetricDataResult result : answer.metricDataResults()) {
                addTo(values.computeIfAbsent(result.id(), id -> new TreeMap<>()), result);
                // More may follow on the next page: its word is the last one.
                incomplete.put(result.id(), result.statusCodeAsString());
                complaints.addAll(words(result.messages()));
            }
            complaints.addAll(words(answer.messages()));
            next = answer.nextToken();
            if (next == null || next.isEmpty()) {
                incomplete.values().removeIf(StatusCode.COMPLETE.toString()::equals);
                incomplete.forEach((id, status) -> complaints.add(id + " is " + status));
                return new Data(values, complaints);
            }
        }
        throw NoAnswer.passing("more than " + MOST_PAGES + " pages", null);
    }

    private static void addTo(TreeMap<Instant, Double> values, MetricDataResult result) {
        int both = Math.min(result.timestamps().size(), result.values().size());
        for (int i = 0; i < both; i++) {
            values.put(result.timestamps().get(i), result.values().get(i));
        }
    }

    private static List<String> words(List<MessageData> messages) {
        return messages.stream()
                .map(message -> message.code() + ", " + message.value())
                .toList();
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
