package io.pitstop.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A CloudWatch metric, or an expression over several, that must be good in each period since the bake began.
 *
 * @param metric the metric that is judged; empty if it is an expression
 * @param metrics what the expression is made of, by their ids; empty without one
 * @param expression metric math over the ids
 * @param statistic such as {@code Sum} or {@code p99}, of all metrics
 * @param dimensions of all metrics; {@code {colour}} and {@code {application}} are filled in
 * @param colours more dimensions, by the colour that they are of; empty if the colours differ by their names only
 * @param delay how late CloudWatch may have the data of a period
 * @param samples metric that counts what the value rests on, as the sum of all periods; empty if nobody counts it
 * @param atLeast fewer samples are no verdict
 * @param missing what a period without data means
 */
public record CloudWatchMetricConfig(
        String namespace,
        Optional<String> metric,
        Map<String, String> metrics,
        Optional<String> expression,
        String statistic,
        Map<String, String> dimensions,
        Map<String, Map<String, String>> colours,
        Duration period,
        Duration delay,
        Bounds bounds,
        Optional<String> samples,
        int atLeast,
        Missing missing)
        implements GateConfig {
    private static final Set<Long> SHORT_PERIODS = Set.of(1L, 5L, 10L, 30L);

    /** What a period without data means. */
    public enum Missing {
        /** No success. */
        UNHEALTHY,
        /** Nothing happened, if {@code samples} has data for the same period: some metrics are only written then. */
        ZERO
    }

    static CloudWatchMetricConfig from(Section section) {
        CloudWatchMetricConfig config = new CloudWatchMetricConfig(
                section.text("namespace"),
                section.has("expression") ? Optional.empty() : Optional.of(section.text("metric")),
                section.has("expression") ? metrics(section) : Map.of(),
                section.find("expression", Optional::of, "metric math"),
                section.text("statistic", "Sum"),
                section.findSection("dimensions").map(Section::texts).orElse(Map.of()),
                section.findSection("colours")
                        .map(CloudWatchMetricConfig::colours)
                        .orElse(Map.of()),
                section.positive("period", Duration.ofMinutes(1)),
                section.duration("delay", Duration.ofMinutes(3)),
                Bounds.from(section),
                section.find("samples", Optional::of, "the name of a metric"),
                section.integer("atLeast", 1),
                section.find("missing", Choice.of(Missing.class), "unhealthy or zero")
                        .orElse(Missing.UNHEALTHY));
        config.refuseContradictions(section);
        section.end();
        return config;
    }

    private static Map<String, Map<String, String>> colours(Section section) {
        Map<String, Map<String, String>> colours = Map.of(
                "blue", section.section("blue").texts(),
                "green", section.section("green").texts());
        section.end();
        return colours;
    }

    private static Map<String, String> metrics(Section section) {
        Map<String, String> metrics = section.section("metrics").texts();
        for (String id : metrics.keySet()) {
            if (!id.matches("[a-z][a-zA-Z0-9_]{0,254}")) {
                throw section.invalid(
                        "metrics",
                        section.path("metrics") + " has the id '" + id + "'.",
                        "Begin ids with a lower case letter and use letters, digits and _ only.");
            }
        }
        return metrics;
    }

    private void refuseContradictions(Section section) {
        long seconds = period.toSeconds();
        if (period.toMillis() % 1_000 != 0 || seconds % 60 != 0 && !SHORT_PERIODS.contains(seconds)) {
            throw section.invalidValue("period", "Choose 1s, 5s, 10s, 30s or whole minutes, as CloudWatch has them.");
        }
        if (atLeast < 1) {
            throw section.invalidValue("atLeast", "Choose 1 or more, since no sample says nothing.");
        }
        if (section.has("atLeast") && samples.isEmpty()) {
            throw section.invalid(
                    "atLeast",
                    section.path("atLeast") + " needs a metric that counts the samples.",
                    "Add samples, such as RequestCount.");
        }
        if (missing == Missing.ZERO && samples.isEmpty()) {
            throw section.invalid(
                    "missing",
                    section.path("missing") + " would take a misspelt dimension for a perfect version.",
                    "Add samples: a metric that always has data while users are there, such as RequestCount.");
        }
        if (missing == Missing.ZERO && expression.isPresent()) {
            throw section.invalid(
                    "missing",
                    section.path("missing") + " cannot tell which metric of the expression is missing.",
                    "Write FILL(id, 0) in the expression.");
        }
    }
}
