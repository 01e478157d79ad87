package io.pitstop.explore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All that there is at one moment.
 *
 * @param tables rows of each table as JSON
 * @param functions names of the functions that stand for the schema
 * @param now by the clock of the database
 */
record Snapshot(Map<String, String> tables, TreeSet<String> functions, Instant now, Outside outside) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Stream<JsonNode> rows(String table) {
        try {
            return StreamSupport.stream(JSON.readTree(tables.get(table)).spliterator(), false);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows that belong to the release that was opened last. */
    Stream<JsonNode> own(String table) {
        String id = release().map(row -> text(row, "id")).orElse("");
        return rows(table).filter(row -> text(row, "release").equals(id));
    }

    /** The release that was opened last. */
    Optional<JsonNode> release() {
        return rows("pitstop.releases")
                .reduce((first, last) ->
                        instant(first, "opened_at").isAfter(instant(last, "opened_at")) ? first : last);
    }

    boolean isOpen() {
        return release().filter(row -> row.get("finished_at").isNull()).isPresent();
    }

    Map<Fact, Instant> facts() {
        Map<Fact, Instant> facts = new TreeMap<>();
        own("pitstop.facts").forEach(row -> facts.put(Fact.valueOf(text(row, "fact")), instant(row, "at")));
        return facts;
    }

    boolean is(Fact fact) {
        return facts().containsKey(fact);
    }

    /** True if a switch has lasted long enough for contract. */
    boolean isDue() {
        Instant switched = facts().get(Fact.SWITCHED);
        return switched != null && Duration.between(switched, now).compareTo(Agent.CONTRACT_AFTER) >= 0;
    }

    Colour candidate() {
        return release()
                .map(row -> text(row, "candidate").equals("blue") ? Colour.BLUE : Colour.GREEN)
                .orElse(Colour.GREEN);
    }

    /** True if the event log of the release has it. */
    boolean hasBeen(String event) {
        return own("pitstop.events").anyMatch(row -> text(row, "event").equals(event));
    }

    /** The number of rows that no backfill has come by. */
    long unfilled() {
        return rows("public.posts").filter(row -> row.get("author_id").isNull()).count();
    }

    static String text(JsonNode row, String column) {
        return row.get(column).asText();
    }

    static Instant instant(JsonNode row, String column) {
        return OffsetDateTime.parse(text(row, column)).toInstant();
    }
}
