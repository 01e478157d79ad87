package io.pitstop.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query that Prometheus, or what speaks its HTTP API, must answer with a good value.
 *
 * @param url where it is, without /api/v1
 * @param query PromQL; {@code {colour}}, {@code {application}} and {@code {window}} are filled in
 * @param window how far back the query looks at most
 * @param samples PromQL for how many observations the value rests on; empty if nobody counts them
 * @param atLeast fewer samples are no verdict
 * @param tokenVariable environment variable that holds a bearer token; empty if none is sent
 * @param within how long an answer may take
 */
public record PrometheusConfig(
        URI url,
        String query,
        Bounds bounds,
        Duration window,
        Optional<String> samples,
        int atLeast,
        Optional<String> tokenVariable,
        Duration within)
        implements GateConfig {
    /** Replaced by the window in the units of PromQL, cut to the time since the bake began. */
    public static final String WINDOW = "{window}";

    private static final Pattern RANGE = Pattern.compile("\\[\\s*(\\d{1,9})(ms|s|m|h|d|w|y)");

    static PrometheusConfig from(Section section) {
        PrometheusConfig config = new PrometheusConfig(
                section.find("url", Address::http, "an address such as http://127.0.0.1:9090")
                        .orElseThrow(() -> section.missing("url")),
                section.text("query"),
                Bounds.from(section),
                section.positive("window", Duration.ofMinutes(1)),
                section.find("samples", Optional::of, "a query"),
                section.integer("atLeast", 20),
                section.find("tokenVariable", Address::variable, "the name of an environment variable"),
                section.positive("within", Duration.ofSeconds(5)));
        refuseLongRange(section, "query", config.query(), config.window());
        config.samples().ifPresent(query -> refuseLongRange(section, "samples", query, config.window()));
        if (section.has("atLeast") && config.samples().isEmpty()) {
            throw section.invalid(
                    "atLeast",
                    section.path("atLeast") + " needs a query that counts the samples.",
                    "Add samples, such as sum(increase(http_requests_total[{window}])).");
        }
        if (config.atLeast() < 1) {
            throw section.invalidValue("atLeast", "Choose 1 or more, since no sample says nothing.");
        }
        section.end();
        return config;
    }

    /** True if all that {@code query} looks back on is the window, which is cut to the bake. */
    public static boolean isCut(String query) {
        return query.contains(WINDOW) && !RANGE.matcher(query).find();
    }

    /** What reaches further back than the window would judge what was before the bake. */
    private static void refuseLongRange(Section section, String key, String query, Duration window) {
        Matcher ranges = RANGE.matcher(query);
        while (ranges.find()) {
            if (range(ranges.group(1), ranges.group(2)).compareTo(window) > 0) {
                throw section.invalid(
                        key,
                        section.path(key) + " looks back further than its window of " + Quantity.text(window) + ".",
                        "Write [" + WINDOW + "] as the range, or make window as long.");
            }
        }
    }

    private static Duration range(String number, String unit) {
        return switch (unit) {
            case "w" -> Duration.ofDays(7 * Long.parseLong(number));
            case "y" -> Duration.ofDays(365 * Long.parseLong(number));
            default -> Quantity.duration(number + unit).orElseThrow();
        };
    }
}
