package io.pitstop.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.database.LockWatch;
import io.pitstop.demo.witness.Testimony;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the demo measured.
 *
 * @param stepSeconds wall time of each command, by its name
 * @param outcomes of some of them
 * @param longestWait the longest that a statement of the application waited for one of ours; empty if none did
 */
record DemoReport(
        Testimony testimony,
        Moves moves,
        Map<String, Double> stepSeconds,
        Outcomes outcomes,
        Optional<LockWatch.Wait> longestWait) {

    private static final int LONGEST_STATEMENT = 80;

    /** The table at the end. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row("phase", "seconds", "requests", "failed", "p50 ms", "p95 ms", "p99 ms"));
        for (Testimony.Phase phase : phases()) {
            lines.add(row(
                    phase.name(),
                    number(phase.seconds()),
                    String.valueOf(phase.requests()),
                    String.valueOf(phase.failed()),
                    number(phase.p50Ms()),
                    number(phase.p95Ms()),
                    number(phase.p99Ms())));
        }
        lines.add("");
        lines.add("requests               %,d, of them %,d writes".formatted(testimony.requests(), testimony.writes()));
        lines.add("failed                 %,d".formatted(testimony.failed()));
        lines.add("lost writes            %,d".formatted(testimony.lost()));
        lines.add("altered writes         %,d (%,d comparisons)".formatted(testimony.altered(), testimony.compared()));
        lines.add("longest wait for us    " + longestWait.map(DemoReport::wait).orElse("none seen"));
        double seconds = outcomes.backfillSeconds();
        lines.add("backfill               %,d rows in %.1f s, %,.0f rows/s"
                .formatted(outcomes.backfilled(), seconds, seconds == 0 ? 0 : outcomes.backfilled() / seconds));
        lines.add("switch                 first request on green after %s, all after %s of the order"
                .formatted(ms(moves.firstOnGreen()), ms(moves.allOnGreen())));
        lines.add("rollback               first request on blue after %s, all after %s of the order"
                .formatted(ms(moves.firstOnBlue()), ms(moves.allOnBlue())));
        lines.add("contract               by %d facts that nobody needs the old columns, which it archived"
                .formatted(outcomes.evidence()));
        lines.add("restore                %,d rows, %,d of them written since, and %,d that only version 2 knew"
                .formatted(outcomes.restored(), outcomes.changed(), outcomes.unknown()));
        lines.add("time of each command   "
                + stepSeconds.entrySet().stream()
                        .map(step -> "%s %.1f s".formatted(step.getKey(), step.getValue()))
                        .collect(Collectors.joining(", ")));
        testimony.failures().stream().limit(10).forEach(failure -> lines.add("FAILED  " + failure));
        testimony.findings().stream().limit(10).forEach(finding -> lines.add("WRONG   " + finding));
        return lines;
    }

    /** The same for programs; the names are part of the contract of {@code demo --result}. */
    ObjectNode json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("requests", testimony.requests())
                .put("failed", testimony.failed())
                .put("writes", testimony.writes())
                .put("lost", testimony.lost())
                .put("altered", testimony.altered());
        ArrayNode phases = root.putArray("phases");
        for (Testimony.Phase phase : phases()) {
            phases.addObject()
                    .put("name", phase.name())
                    .put("seconds", phase.seconds())
                    .put("requests", phase.requests())
                    .put("failed", phase.failed())
                    .put("p50Ms", phase.p50Ms())
                    .put("p95Ms", phase.p95Ms())
                    .put("p99Ms", phase.p99Ms());
        }
        root.put("switchFirstMs", moves.firstOnGreen().map(Duration::toMillis).orElse(null))
                .put("switchMs", moves.allOnGreen().map(Duration::toMillis).orElse(null))
                .put(
                        "rollbackFirstMs",
                        moves.firstOnBlue().map(Duration::toMillis).orElse(null))
                .put("rollbackMs", moves.allOnBlue().map(Duration::toMillis).orElse(null))
                .put(
                        "longestLockWaitMs",
                        longestWait.map(LockWatch.Wait::millis).orElse(0L));
        root.putObject("backfill").put("rows", outcomes.backfilled()).put("seconds", outcomes.backfillSeconds());
        root.putObject("contract").put("evidence", outcomes.evidence());
        root.putObject("restore")
                .put("rows", outcomes.restored())
                .put("changed", outcomes.changed())
                .put("unknown", outcomes.unknown());
        ObjectNode steps = root.putObject("steps");
        stepSeconds.forEach(steps::put);
        return root;
    }

    /** Without those that ended before a request was due. */
    private List<Testimony.Phase> phases() {
        return testimony.phases().stream().filter(phase -> phase.requests() > 0).toList();
    }

    private static String row(String name, Object... cells) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-14s", name));
        for (Object cell : cells) {
            row.append(String.format(Locale.ROOT, "%10s", cell));
        }
        return row.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String ms(Optional<Duration> time) {
        return time.map(duration -> duration.toMillis() + " ms").orElse("(not seen)");
    }

    private static String wait(LockWatch.Wait wait) {
        String statement = wait.ourStatement().lines().findFirst().orElse("");
        boolean isLong = statement.length() > LONGEST_STATEMENT;
        return wait.millis() + " ms, behind: "
                + (isLong ? statement.substring(0, LONGEST_STATEMENT - 3) + "..." : statement);
    }
}
