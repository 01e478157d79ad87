package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;

/** One entry of {@code smoke} in pitstop.yml. */
public sealed interface SmokeConfig {
    /**
     * A request that must be answered with a status.
     *
     * @param contains text that the body must hold; empty for any
     * @param within longest time for the answer
     */
    record Http(String path, int expect, Optional<String> contains, Duration within) implements SmokeConfig {}

    /** A command of the user's; it gets the idle colour's address as PITSTOP_URL and must exit with 0. */
    record Command(String command, Duration within) implements SmokeConfig {}

    /**
     * A constant rate of requests, however slow the answers are.
     *
     * @param rate requests per second
     * @param errors most failed requests as a fraction, 0 to 1
     */
    record Load(
            String path,
            int rate,
            Duration time,
            Optional<Limit> p50,
            Optional<Limit> p95,
            Optional<Limit> p99,
            double errors)
            implements SmokeConfig {
        /** True if a limit refers to the live colour, which must then be measured beside. */
        public boolean comparesWithLive() {
            return java.util.stream.Stream.of(p50, p95, p99)
                    .flatMap(Optional::stream)
                    .anyMatch(limit -> limit.timesLive().isPresent());
        }
    }

    static SmokeConfig from(Section entry) {
        return switch (entry.has("command") ? "command" : entry.onlyKey("http", "command", "load")) {
            case "http" -> http(entry.section("http"));
            case "command" -> command(entry);
            case "load" -> load(entry.section("load"));
            default -> {
                entry.findSection("http");
                entry.findSection("load");
                entry.end();
                throw new IllegalStateException("end() refuses an unknown kind");
            }
        };
    }

    private static Http http(Section section) {
        Http http = new Http(
                section.requestPath("path"),
                section.integer("expect", 200),
                section.find("contains", Optional::of, "text"),
                section.positive("within", Duration.ofSeconds(10)));
        section.end();
        return http;
    }

    private static Command command(Section entry) {
        Command command = new Command(entry.shellText("command"), entry.positive("within", Duration.ofMinutes(10)));
        entry.end();
        return command;
    }

    private static Load load(Section section) {
        String limit = "a time such as 250ms, or a multiple of the live colour's such as 1.5x";
        Load load = new Load(
                section.requestPath("path"),
                section.perSecond("rate"),
                section.positive("for", Duration.ofSeconds(30)),
                section.find("p50", Limit::read, limit),
                section.find("p95", Limit::read, limit),
                section.find("p99", Limit::read, limit),
                section.find("errors", Quantity::percent, "a percentage such as 0.1%")
                        .orElse(0.0));
        section.end();
        return load;
    }
}
