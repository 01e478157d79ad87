package io.pitstop.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What CloudWatch knows of requests: a value for each minute in which a target group had some, and none for others. */
final class FakeCloudWatch {
    private final Map<String, NavigableMap<Instant, Double>> counts = new HashMap<>();

    private final Map<String, List<String>> statuses = new HashMap<>();
    private int pages = 1;

    /** What is told of this group's metric, a page each; its values are all on the first. */
    void tell(String targetGroup, List<String> ofEachPage) {
        statuses.put(dimension(targetGroup), ofEachPage);
        pages = ofEachPage.size();
    }

    void count(String targetGroup, Instant minute, int requests) {
        counts.computeIfAbsent(dimension(targetGroup), any -> new TreeMap<>())
                .put(minute.truncatedTo(ChronoUnit.MINUTES), (double) requests);
    }

    /** GetMetricData, of sums by the minute. */
    Fault.Answer answer(byte[] body) {
        try {
            Map<String, Object> asked = Cbor.read(body);
            int page = Integer.parseInt(String.valueOf(asked.getOrDefault("NextToken", "0")));
            Map<String, Object> told = new HashMap<>();
            told.put("MetricDataResults", results(asked, page));
            if (page + 1 < pages) {
                told.put("NextToken", String.valueOf(page + 1));
            }
            return new Fault.Answer(
                    200,
                    Map.of("Content-Type", "application/cbor", "smithy-protocol", "rpc-v2-cbor"),
                    Cbor.write(told));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Object> results(Map<String, Object> asked, int page) {
        Instant from = (Instant) asked.get("StartTime");
        Instant to = (Instant) asked.get("EndTime");
        List<Object> results = new ArrayList<>();
        for (Map<String, Object> query : QueryTree.maps(asked, "MetricDataQueries")) {
            NavigableMap<Instant, Double> values = counts.getOrDefault(group(query), new TreeMap<>())
                    .subMap(from, true, page == 0 ? to : from, false)
                    .descendingMap();
            results.add(Map.of(
                    "Id", query.get("Id"),
                    "Timestamps", List.copyOf(values.keySet()),
                    "Values", List.copyOf(values.values()),
                    "StatusCode",
                            statuses.getOrDefault(group(query), Collections.nCopies(pages, "Complete"))
                                    .get(page)));
        }
        return results;
    }

    private static String group(Map<String, Object> query) {
        Map<String, Object> metric =
                QueryTree.asMap(QueryTree.asMap(query.get("MetricStat")).get("Metric"));
        if (!"AWS/ApplicationELB".equals(metric.get("Namespace")) || !"RequestCount".equals(metric.get("MetricName"))) {
            return "";
        }
        return QueryTree.maps(metric, "Dimensions").stream()
                .filter(dimension -> "TargetGroup".equals(dimension.get("Name")))
                .map(dimension -> String.valueOf(dimension.get("Value")))
                .findFirst()
                .orElse("");
    }

    private static String dimension(String targetGroup) {
        return targetGroup.substring(targetGroup.indexOf("targetgroup/"));
    }
}
