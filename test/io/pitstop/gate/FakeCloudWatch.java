package io.pitstop.gate;

import io.pitstop.aws.CborService;
import io.pitstop.aws.CborService.Refusal;
import io.pitstop.aws.TestAws;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Alarms and metrics as a test sets them, asked by the real SDK; knows what the emulator does not. */
final class FakeCloudWatch implements AutoCloseable {
    final List<Map<String, Object>> asked = new ArrayList<>();
    /** By the id of the query. */
    final Map<String, TreeMap<Instant, Double>> values = new HashMap<>();

    String status = "Complete";
    int pageSize = 1_000;

    private final Map<String, Map<String, Object>> metricAlarms = new HashMap<>();
    private final Map<String, Map<String, Object>> compositeAlarms = new HashMap<>();
    private final CborService service = CborService.start(this::answer);
    private Refusal refusal;

    CloudWatch client() {
        return CloudWatch.of(TestAws.at(service.address()));
    }

    /** An alarm that looks at 3 periods of a minute. */
    void metricAlarm(String name, String state, Instant since) {
        Map<String, Object> alarm = alarm(name, state, since);
        alarm.put("Period", 60);
        alarm.put("EvaluationPeriods", 3);
        metricAlarms.put(name, alarm);
    }

    void compositeAlarm(String name, String state, Instant since) {
        compositeAlarms.put(name, alarm(name, state, since));
    }

    void judgedByAPart(String name) {
        metricAlarms.get(name).put("EvaluationState", "PARTIAL_DATA");
    }

    void refuses(int status, String code) {
        refusal = new Refusal(status, code, "as the test wants it");
    }

    void answers() {
        refusal = null;
    }

    void value(String id, Instant at, double value) {
        values.computeIfAbsent(id, key -> new TreeMap<>()).put(at, value);
    }

    @Override
    public void close() {
        service.close();
    }

    private static Map<String, Object> alarm(String name, String state, Instant since) {
        return new LinkedHashMap<>(Map.of(
                "AlarmName", name,
                "StateValue", state,
                "StateReason", "Threshold crossed",
                "StateTransitionedTimestamp", since));
    }

    private Map<String, Object> answer(String operation, Map<String, Object> request) throws Refusal {
        if (refusal != null) {
            throw refusal;
        }
        asked.add(request);
        return switch (operation) {
            case "DescribeAlarms" -> alarms(request);
            case "GetMetricData" -> data(request);
            default -> throw new Refusal(400, "InvalidAction", operation);
        };
    }

    private Map<String, Object> alarms(Map<String, Object> request) {
        List<?> types = (List<?>) request.getOrDefault("AlarmTypes", List.of("MetricAlarm"));
        return Map.of(
                "MetricAlarms", named(metricAlarms, request, types.contains("MetricAlarm")),
                "CompositeAlarms", named(compositeAlarms, request, types.contains("CompositeAlarm")));
    }

    private static List<Object> named(
            Map<String, Map<String, Object>> alarms, Map<String, Object> request, boolean isWanted) {
        return ((List<?>) request.get("AlarmNames"))
                .stream()
                        .filter(name -> isWanted && alarms.containsKey(name))
                        .map(name -> (Object) alarms.get(name))
                        .toList();
    }

    private Map<String, Object> data(Map<String, Object> request) {
        Instant from = (Instant) request.get("StartTime");
        Instant to = (Instant) request.get("EndTime");
        int offset = Integer.parseInt(String.valueOf(request.getOrDefault("NextToken", "0")));
        boolean more = false;
        List<Object> results = new ArrayList<>();
        for (Object each : (List<?>) request.get("MetricDataQueries")) {
            Map<?, ?> query = (Map<?, ?>) each;
            if (Boolean.FALSE.equals(query.get("ReturnData"))) {
                continue;
            }
            List<Map.Entry<Instant, Double>> all =
                    values.getOrDefault(query.get("Id"), new TreeMap<>()).subMap(from, to).entrySet().stream()
                            .toList();
            List<Map.Entry<Instant, Double>> page =
                    all.stream().skip(offset).limit(pageSize).collect(Collectors.toList());
            boolean moreOfThis = all.size() > offset + pageSize;
            more |= moreOfThis;
            results.add(Map.of(
                    "Id", query.get("Id"),
                    "StatusCode", moreOfThis ? "PartialData" : status,
                    "Timestamps", page.stream().map(Map.Entry::getKey).toList(),
                    "Values", page.stream().map(Map.Entry::getValue).toList()));
        }
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("MetricDataResults", results));
        if (more) {
            answer.put("NextToken", String.valueOf(offset + pageSize));
        }
        return answer;
    }
}
