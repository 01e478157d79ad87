package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;

import io.pitstop.config.Bounds;
import io.pitstop.config.CloudWatchMetricConfig;
import io.pitstop.config.CloudWatchMetricConfig.Missing;
import io.pitstop.config.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/**
 * A CloudWatch metric in each whole period since the bake began; one bad period is unhealthy, one without data leaves the
 * gate undecided. Data comes late, so that the last periods may be without.
 */
final class CloudWatchMetricGate implements Vigilant {
    private static final String RESULT = "pitstop_result";
    private static final String SAMPLES = "pitstop_samples";

    private final CloudWatchMetricConfig config;
    private final CloudWatch cloudWatch;
    private final Vigil vigil;
    private final List<MetricDataQuery> queries;

    CloudWatchMetricGate(CloudWatchMetricConfig config, Candidate candidate, CloudWatch cloudWatch, Vigil vigil) {
        this.config = config;
        this.cloudWatch = cloudWatch;
        this.vigil = vigil;
        this.queries = queries(config, candidate);
    }

    private static List<MetricDataQuery> queries(CloudWatchMetricConfig config, Candidate candidate) {
        Map<String, String> named = new TreeMap<>(config.dimensions());
        named.putAll(config.colours().getOrDefault(candidate.colour().toString(), Map.of()));
        List<Dimension> dimensions = named.entrySet().stream()
                .map(entry -> Dimension.builder()
                        .name(entry.getKey())
                        .value(candidate.fill(entry.getValue()))
                        .build())
                .toList();
        List<MetricDataQuery> queries = new ArrayList<>();
        config.metric().ifPresent(metric -> queries.add(query(config, RESULT, metric, config.statistic(), dimensions)));
        config.metrics()
                .forEach((id, metric) ->
                        queries.add(query(config, id, metric, config.statistic(), dimensions).toBuilder()
                                .returnData(false)
                                .build()));
        config.expression()
                .ifPresent(expression -> queries.add(MetricDataQuery.builder()
                        .id(RESULT)
                        .expression(candidate.fill(expression))
                        .build()));
        config.samples().ifPresent(metric -> queries.add(query(config, SAMPLES, metric, "Sum", dimensions)));
        return queries;
    }

    private static MetricDataQuery query(
            CloudWatchMetricConfig config, String id, String metric, String statistic, List<Dimension> dimensions) {
        return MetricDataQuery.builder()
                .id(id)
                .metricStat(stat -> stat.metric(of -> of.namespace(config.namespace())
                                .metricName(metric)
                                .dimensions(dimensions))
                        .period((int) config.period().toSeconds())
                        .stat(statistic))
                .build();
    }

    @Override
    public Vigil vigil() {
        return vigil;
    }

    @Override
    public Verdict judge() {
        long period = config.period().toSeconds();
        Instant first = Instant.ofEpochSecond(-Math.floorDiv(-ceil(vigil.begun()), period) * period);
        Instant end = Instant.ofEpochSecond(Math.floorDiv(vigil.now().getEpochSecond(), period) * period);
        String window = "periods of " + Quantity.text(config.period()) + " since " + first;
        if (!first.isBefore(end)) {
            return verdict(UNDECIDED, "no whole period is over since the bake began", 0, window);
        }
        try {
            CloudWatch.Data data = cloudWatch.data(queries, first, end);
            vigil.heard();
            return verdict(data, first, end, window);
        } catch (NoAnswer failure) {
            Duration patience = config.period().plus(config.delay());
            return verdict(vigil.withoutAnswer(failure, patience), "no answer: " + failure.getMessage(), 0, window);
        }
    }

    private static long ceil(Instant moment) {
        return moment.getEpochSecond() + (moment.getNano() > 0 ? 1 : 0);
    }

    private Verdict verdict(CloudWatch.Data data, Instant first, Instant end, String window) {
        TreeMap<Instant, Double> values = new TreeMap<>(data.of(RESULT));
        TreeMap<Instant, Double> counts = data.of(SAMPLES);
        Instant due = vigil.now().minus(config.delay()).minus(config.period());
        List<Instant> missing = new ArrayList<>();
        for (Instant at = first; at.isBefore(end) && !at.isAfter(due); at = at.plus(config.period())) {
            if (config.missing() == Missing.ZERO && counts.containsKey(at)) {
                values.putIfAbsent(at, 0.0);
            }
            if (!values.containsKey(at) || values.get(at).isNaN()) {
                missing.add(at);
            }
        }
        values.values().removeIf(value -> value.isNaN());
        long samples = config.samples().isEmpty()
                ? values.size()
                : counts.values().stream().mapToLong(Math::round).sum();
        return verdict(values, samples, missing, data.complaints(), window);
    }

    private Verdict verdict(
            TreeMap<Instant, Double> values,
            long samples,
            List<Instant> missing,
            List<String> complaints,
            String window) {
        if (config.samples().isPresent() && samples < config.atLeast()) {
            return verdict(UNDECIDED, "too few samples (" + samples + " of " + config.atLeast() + ")", samples, window);
        }
        if (values.isEmpty()) {
            return verdict(UNDECIDED, "no data yet", samples, window);
        }
        Map.Entry<Instant, Double> worst = values.entrySet().stream()
                .reduce((one, other) -> config.bounds().excess(other.getValue())
                                > config.bounds().excess(one.getValue())
                        ? other
                        : one)
                .orElseThrow();
        String value = Bounds.number(worst.getValue()) + " at " + worst.getKey() + ", the worst of " + values.size();
        if (!config.bounds().hold(worst.getValue())) {
            return verdict(UNHEALTHY, value, samples, window);
        }
        if (!missing.isEmpty()) {
            return verdict(
                    UNDECIDED,
                    value + ", but no data of " + missing.size() + ", such as " + missing.get(0),
                    samples,
                    window);
        }
        if (!complaints.isEmpty()) {
            return verdict(UNDECIDED, value + ", but " + String.join("; ", complaints), samples, window);
        }
        return verdict(HEALTHY, value, samples, window);
    }

    private Verdict verdict(Verdict.Answer answer, String value, long samples, String window) {
        String what = config.metric().or(config::expression).orElseThrow();
        return new Verdict(
                "cloudwatch " + config.statistic() + " of " + what,
                answer,
                value,
                config.bounds().toString(),
                samples,
                "CloudWatch, " + config.namespace(),
                window);
    }
}
