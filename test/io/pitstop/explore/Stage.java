package io.pitstop.explore;

import io.pitstop.database.TestDatabase;
import io.pitstop.release.Colour;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One real database with a clock that can be put forward, and all that is outside of it, in memory: taken down as a
 * snapshot, and put back as it was in one.
 */
final class Stage implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            "pitstop.releases",
            "pitstop.facts",
            "pitstop.events",
            "pitstop.leases",
            "pitstop.approvals",
            "pitstop.backfills",
            "pitstop.backfill_ranges",
            "pitstop.backfill_failures",
            "pitstop.comparisons",
            "pitstop.archives",
            "pitstop.archived_objects",
            "public.flyway_schema_history",
            "public.pitstop_finish_history",
            "public.pitstop_contract_history",
            "public.posts",
            "fake.clock");
    private static final String CREATED =
            "CREATE OR REPLACE FUNCTION public.%s() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    static final List<String> OLD = List.of("old_a", "old_b");

    private final TestDatabase server = TestDatabase.create();
    private final Connection session;
    private final Map<Colour, Connection> applications = new EnumMap<>(Colour.class);
    private final List<String> violations = new ArrayList<>();
    private Outside outside = Outside.before();

    Stage() throws SQLException {
        server.execute(
                "CREATE SCHEMA fake",
                "CREATE TABLE fake.clock (ahead interval NOT NULL)",
                "INSERT INTO fake.clock VALUES ('0')",
                // Found before the server's own by all sessions of agents, also in defaults of the journal's tables.
                "CREATE FUNCTION fake.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE"
                        + " AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM fake.clock'");
        session = server.connect();
        for (Colour colour : Colour.values()) {
            applications.put(colour, server.connect());
        }
        run(session, "SET session_replication_role = replica");
    }

    TestDatabase server() {
        return server;
    }

    Outside outside() {
        return outside;
    }

    /** From now on it is so outside. */
    void now(Outside then) {
        outside = then;
        for (Colour colour : Colour.values()) {
            String name = then.isConnected(colour) ? "blog-" + colour : "nobody";
            run(applications.get(colour), "SET application_name = '" + name + "'");
        }
    }

    void pass(Duration time) {
        run(session, "UPDATE fake.clock SET ahead = ahead + interval '" + time.toSeconds() + " seconds'");
    }

    /** Lets all holders of leases look dead although they live. */
    void silence() {
        run(session, "UPDATE pitstop.leases SET heartbeat_at = heartbeat_at - interval '1 minute'");
    }

    void violation(String what) {
        violations.add(what);
    }

    /** What was wrong since the last call. */
    List<String> violations() {
        List<String> all = List.copyOf(violations);
        violations.clear();
        return all;
    }

    /** What everybody would find if all agents died now. */
    synchronized Snapshot snapshot() {
        String sql = TABLES.stream()
                .map(table -> "SELECT '" + table + "', coalesce((SELECT json_agg(t ORDER BY t::text) FROM " + table
                        + " t), '[]')::text")
                .collect(Collectors.joining(
                        " UNION ALL ",
                        "SELECT 'functions', coalesce(string_agg(proname, ','), '') FROM pg_proc"
                                + " WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'pg_stat%' UNION ALL"
                                + " SELECT 'now', to_json(fake.clock_timestamp()) #>> '{}' UNION ALL ",
                        ""));
        Map<String, String> found = new LinkedHashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        TreeSet<String> functions =
                new TreeSet<>(List.of(found.remove("functions").split(",")));
        functions.remove("");
        Instant now = java.time.OffsetDateTime.parse(found.remove("now")).toInstant();
        return new Snapshot(found, functions, now, outside);
    }

    /** Puts everything back as it was; what agents were about then is what those that died leave. */
    void restore(Snapshot then) {
        StringBuilder sql = new StringBuilder();
        Snapshot now = snapshot();
        for (String table : TABLES) {
            String rows = then.tables().get(table);
            if (!rows.equals(now.tables().get(table))) {
                sql.append("DELETE FROM ")
                        .append(table)
                        .append("; INSERT INTO ")
                        .append(table);
                sql.append(" OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::")
                        .append(table);
                sql.append(", '").append(rows.replace("'", "''")).append("');\n");
            }
        }
        now.functions().stream()
                .filter(name -> !then.functions().contains(name))
                .forEach(name -> sql.append("DROP FUNCTION public." + name + "();"));
        then.functions().stream()
                .filter(name -> !now.functions().contains(name))
                .forEach(name -> sql.append(CREATED.formatted(name)));
        if (sql.length() > 0) {
            run(session, sql.toString());
        }
        now(then.outside());
        violations.clear();
    }

    private static void run(Connection session, String sql) {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() throws SQLException {
        session.close();
        for (Connection application : applications.values()) {
            application.close();
        }
    }
}
