package io.pitstop.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows of the event log. */
final class EventTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;

    EventTable(Connection connection) {
        this.connection = connection;
    }

    void append(Release release, String step, String event, long token, Actor actor, Map<String, ?> detail)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO pitstop.events (release, step, event, person, build, host, token, detail)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)",
                release.id(),
                step,
                event,
                actor.person(),
                actor.build(),
                actor.host(),
                token,
                json(detail));
    }

    /** The particulars of all events of this name in any release of the application, oldest first. */
    List<Map<String, Object>> notes(String application, String event) throws SQLException {
        String sql = "SELECT e.detail FROM pitstop.events e JOIN pitstop.releases r ON r.id = e.release"
                + " WHERE r.application = ? AND e.event = ? ORDER BY e.id";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            Sql.bind(query, application, event);
            List<Map<String, Object>> notes = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    notes.add(map(rows.getString(1)));
                }
            }
            return notes;
        }
    }

    static String json(Map<String, ?> detail) {
        try {
            return JSON.writeValueAsString(detail);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not plain data: " + detail, e);
        }
    }

    static Map<String, Object> map(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the event log holds what is not JSON: " + json, e);
        }
    }
}
