package io.pitstop.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.error.CheckFailed;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** When the router was ordered what, as the release's event log has it. */
record Orders(Instant firstShift, Instant lastShift, Instant rollback) {
    static Orders read(Agent agent) {
        Agent.Outcome status = agent.run(line -> {}, "status", "--json");
        try {
            JsonNode events = new ObjectMapper()
                    .readTree(String.join("\n", status.lines()))
                    .path("events");
            List<Instant> shifts = times(events, "shift ordered");
            List<Instant> rollbacks = times(events, "rolling back");
            return new Orders(shifts.get(0), shifts.get(shifts.size() - 1), rollbacks.get(0));
        } catch (JsonProcessingException e) {
            throw new CheckFailed("pitstop status --json printed no JSON.", "Please report this.", e);
        }
    }

    private static List<Instant> times(JsonNode events, String event) {
        List<Instant> times = StreamSupport.stream(events.spliterator(), false)
                .filter(entry -> entry.path("event").asText().equals(event))
                .map(entry -> Instant.parse(entry.path("at").asText()))
                .toList();
        if (times.isEmpty()) {
            throw new CheckFailed("The event log holds no '" + event + "'.", "Please report this.");
        }
        return times;
    }
}
