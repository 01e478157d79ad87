package io.pitstop.explore;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What tells two states apart, for whoever goes on from them: neither times nor numbers nor how they came about. */
final class StateKey {
    private final Map<String, String> parts = new LinkedHashMap<>();

    private StateKey() {}

    static StateKey of(Snapshot at) {
        StateKey key = new StateKey();
        key.parts.put("release", release(at));
        key.parts.put("outside", outside(at.outside()));
        key.parts.put("schema", schema(at));
        key.parts.put("rows", at.unfilled() + " unfilled");
        key.parts.put(
                "leases",
                at.own("pitstop.leases")
                        .map(row -> Snapshot.text(row, "step"))
                        .sorted()
                        .collect(joining(",")));
        key.parts.put("approvals", approvals(at));
        key.parts.put("trail", trail(at));
        key.parts.put("builds", builds(at));
        key.parts.put("backfill", backfill(at));
        key.parts.put("due", at.isDue() && at.isOpen() ? "yes" : "no");
        return key;
    }

    /** What counts for users and for the release, however it came about. */
    String essence() {
        Map<String, String> essence = new LinkedHashMap<>(parts);
        essence.keySet().retainAll(List.of("release", "outside", "schema", "rows"));
        return essence.toString();
    }

    private static String release(Snapshot at) {
        String outcomes = at.rows("pitstop.releases")
                .map(row -> row.get("id").asText() + " " + row.get("candidate").asText() + " "
                        + row.get("outcome").asText())
                .collect(joining(","));
        return outcomes + " " + new TreeSet<>(at.facts().keySet());
    }

    private static String outside(Outside outside) {
        return outside.split() + " " + new TreeMap<>(outside.runs()) + " asleep" + new TreeSet<>(outside.asleep())
                + " sick" + new TreeSet<>(outside.sick());
    }

    private static String schema(Snapshot at) {
        Stream<JsonNode> scripts = Stream.of("flyway_schema", "pitstop_finish", "pitstop_contract")
                .flatMap(name -> at.rows("public." + name + "_history"));
        return at.functions() + " "
                + scripts.map(row ->
                                row.get("script").asText() + row.get("success").asText())
                        .sorted()
                        .collect(joining(","))
                + at.own("pitstop.archived_objects")
                        .map(row -> row.get("number").asText()
                                + (row.get("dropped_at").isNull() ? "" : "d")
                                + (row.get("restored_at").isNull() ? "" : "r"))
                        .sorted()
                        .collect(joining(","));
    }

    /** Times in a subject are those of facts that hold, or of what is gone. */
    private static String approvals(Snapshot at) {
        Map<String, String> times = new HashMap<>();
        at.facts().forEach((fact, since) -> times.put(since.toString(), "since " + fact));
        for (String event : List.of("rolled back", "gate failed")) {
            at.own("pitstop.events")
                    .filter(row -> Snapshot.text(row, "event").equals(event))
                    .map(row -> Snapshot.instant(row, "at"))
                    .max(Instant::compareTo)
                    .ifPresent(last -> times.put(last.toString(), "last " + event));
        }
        return at.own("pitstop.approvals")
                .map(row -> row.get("step").asText()
                        + row.get("decision").asText()
                        + (StreamSupport.stream(row.get("subject").spliterator(), false)
                                .map(line -> named(line.asText(), times))
                                .collect(joining(";"))
                                .hashCode()))
                .sorted()
                .collect(joining(","));
    }

    private static String named(String line, Map<String, String> times) {
        String value = line.substring(line.indexOf(": ") + 2);
        if (!value.matches("\\d{4}-\\d\\d-\\d\\dT.*Z")) {
            return line.contains("release") ? "" : line;
        }
        return line.substring(0, line.indexOf(": ")) + times.getOrDefault(value, "before");
    }

    private static Stream<JsonNode> events(Snapshot at) {
        return at.own("pitstop.events")
                .sorted((one, two) ->
                        Long.compare(one.get("id").asLong(), two.get("id").asLong()));
    }

    /** Where the last run of the switch left users, and whether a contract has begun to take compute away. */
    private static String trail(Snapshot at) {
        String last = "";
        String planned = "";
        boolean taken = false;
        for (JsonNode event : events(at).toList()) {
            String name = event.get("event").asText();
            if (event.get("step").asText().equals("switch-traffic") && !name.equals("switched")) {
                boolean tells = !name.equals("switching") && !name.equals("rolled back");
                JsonNode detail = event.get("detail");
                last = tells
                        ? name
                                + detail.path("from").asText()
                                + detail.path("split").asText()
                                + event.get("build")
                                + (detail.has("until") ? isOver(detail, at) : "")
                        : last;
            }
            planned = name.equals("contract planned") ? event.get("detail").toString() : planned;
            taken = name.contains("idle environment") || taken && !name.equals("switched");
        }
        return last + " " + planned.hashCode() + taken;
    }

    private static String isOver(JsonNode bake, Snapshot at) {
        return Instant.parse(bake.get("until").asText()).isAfter(at.now()) ? " runs" : " over";
    }

    /** Which builds have begun to switch, and whether somebody has put users back since. */
    private static String builds(Snapshot at) {
        Map<String, String> builds = new TreeMap<>();
        for (JsonNode event : events(at).toList()) {
            String build = event.get("build").asText();
            if (!event.get("step").asText().equals("switch-traffic")) {
                continue;
            }
            if (event.get("event").asText().equals("switching")) {
                builds.put(build, "begun");
            } else if (event.get("event").asText().equals("rolling back")) {
                builds.replaceAll((other, was) -> other.equals(build) ? "ended" : "undone");
            }
        }
        return builds.toString();
    }

    private static String backfill(Snapshot at) {
        return at.own("pitstop.backfills")
                        .map(row -> row.get("verified_at").isNull()
                                + row.get("problem").asText())
                        .collect(joining(","))
                + at.own("pitstop.backfill_ranges")
                        .map(row -> row.get("finished").asText())
                        .distinct()
                        .sorted()
                        .collect(joining(","));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateKey key && key.parts.equals(parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return parts.toString();
    }
}
