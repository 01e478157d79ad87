package io.pitstop.check.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.database.Database;
import io.pitstop.database.StatementStatistics;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an application was seen to run.
 *
 * @param statements the most frequent first
 * @param notes what people should know of how it was recorded
 */
public record Recording(List<LiveStatement> statements, List<String> notes) {
    private static final int MOST = 1000;
    private static final String HERE = "It was not looked at what the application runs: ";
    /** Not loaded at start, or not for us to see. */
    private static final Set<String> ABSENT = Set.of("55000", "42501");

    /** Without what belongs to nobody's application: our own tables and Flyway's. */
    private static final String SQL =
            """
            SELECT s.query, sum(s.calls) AS calls FROM {schema}.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
             WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND CASE WHEN cardinality(?) = 0 THEN NOT r.rolsuper ELSE r.rolname = ANY (?) END
               AND s.query ~* '^\\s*(/\\*.*?\\*/\\s*)*(select|insert|update|delete|merge|with|values|table)\\M'
               AND s.query !~* '\\m(pitstop|pitstop_archive)"?\\.|\\m(flyway_schema|pitstop_finish|pitstop_contract)_history|/\\* pitstop \\*/|\\mpg_(stat|locks|catalog)'
             GROUP BY s.query ORDER BY calls DESC, s.query LIMIT ?""";

    public Recording {
        statements = List.copyOf(statements);
        notes = List.copyOf(notes);
    }

    /** Of an application that nobody looked at. */
    public static Recording none() {
        return new Recording(List.of(), List.of());
    }

    /**
     * Reads pg_stat_statements; without it, says so in a note.
     *
     * @param roles whose statements; empty for everybody's but superusers'
     */
    public static Recording of(Database database, List<String> roles) {
        List<LiveStatement> statements;
        try (Connection connection = database.connect("check")) {
            Optional<String> schema = StatementStatistics.schema(connection);
            if (schema.isEmpty()) {
                return new Recording(List.of(), List.of(HERE + "the extension pg_stat_statements is not there."));
            }
            statements = read(connection, SQL.replace("{schema}", schema.get()), roles);
        } catch (SQLException e) {
            if (ABSENT.contains(String.valueOf(e.getSQLState()))) {
                return new Recording(List.of(), List.of(HERE + Database.message(e) + "."));
            }
            throw Database.failure(e);
        }
        return statements.isEmpty()
                ? new Recording(List.of(), List.of(HERE + "pg_stat_statements shows us no statement of its."))
                : new Recording(statements, List.of());
    }

    private static List<LiveStatement> read(Connection connection, String sql, List<String> roles) throws SQLException {
        List<LiveStatement> statements = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            Array names = connection.createArrayOf("text", roles.toArray());
            query.setArray(1, names);
            query.setArray(2, names);
            query.setInt(3, MOST);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    statements.add(new LiveStatement(rows.getString(1), rows.getLong(2)));
                }
            }
        }
        return statements;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InvalidConfig if the file is not there, or is something else
     */
    public static Recording load(Path file) {
        try {
            JsonNode root = new ObjectMapper().readTree(file.toFile());
            List<LiveStatement> statements = new ArrayList<>();
            for (JsonNode each : root.path("statements")) {
                statements.add(new LiveStatement(
                        each.path("query").asText(), each.path("calls").asLong()));
            }
            if (statements.isEmpty()) {
                throw new IOException("there is no statement in it");
            }
            return new Recording(statements, List.of());
        } catch (IOException e) {
            throw new InvalidConfig(
                    file + " holds no recorded statements: " + e.getMessage() + ".",
                    "Write it with pitstop check --record-statements " + file.getFileName() + ".",
                    e);
        }
    }

    /**
     * Writes it for a later check. There are no values in it, only statements.
     *
     * @throws DependencyFailed if the file cannot be written
     */
    public void write(Path file) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        ArrayNode all = root.putArray("statements");
        statements.forEach(each -> all.addObject().put("calls", each.calls()).put("query", each.query()));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, root.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new DependencyFailed(
                    "Cannot write " + file + ": " + e.getMessage() + ".", "Make it writable, or name another.", e);
        }
    }
}
