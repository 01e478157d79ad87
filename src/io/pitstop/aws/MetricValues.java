package io.pitstop.aws;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MessageData;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;

/**
 * What CloudWatch measured. Each metric can fail by itself, and then looks like one without values.
 *
 * @param values by the id of the query and the begin of the period
 * @param statuses by the id of the query, such as {@code Complete}: the word of the last page counts, as more may follow
 * @param messages of CloudWatch, about what may be missing
 */
public record MetricValues(
        Map<String, TreeMap<Instant, Double>> values, Map<String, String> statuses, List<String> messages) {
    /** Of up to 100,800 values each: more than any question here has. */
    private static final int MOST_PAGES = 100;

    /**
     * Asks for the values of all periods that begin in [{@code from}, {@code to}), page by page.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException if CloudWatch cannot be asked, or does not end
     */
    public static MetricValues read(CloudWatchClient client, List<MetricDataQuery> queries, Instant from, Instant to) {
        MetricValues read = new MetricValues(new HashMap<>(), new TreeMap<>(), new ArrayList<>());
        GetMetricDataRequest request = GetMetricDataRequest.builder()
                .metricDataQueries(queries)
                .startTime(from)
                .endTime(to)
                .build();
        String next = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            GetMetricDataResponse answer =
                    client.getMetricData(request.toBuilder().nextToken(next).build());
            read.add(answer);
            next = answer.nextToken();
            if (next == null || next.isEmpty()) {
                return read;
            }
        }
        throw SdkClientException.create("more than " + MOST_PAGES + " pages");
    }

    /** The values of one query; empty if there are none. */
    public TreeMap<Instant, Double> of(String id) {
        return values.getOrDefault(id, new TreeMap<>());
    }

    private void add(GetMetricDataResponse page) {
        for (MetricDataResult result : page.metricDataResults()) {
            TreeMap<Instant, Double> known = values.computeIfAbsent(result.id(), id -> new TreeMap<>());
            int both = Math.min(result.timestamps().size(), result.values().size());
            for (int i = 0; i < both; i++) {
                known.put(result.timestamps().get(i), result.values().get(i));
            }
            statuses.put(result.id(), result.statusCodeAsString());
            addAll(result.messages());
        }
        addAll(page.messages());
    }

    private void addAll(List<MessageData> told) {
        told.forEach(message -> messages.add(message.code() + ", " + message.value()));
    }
}
