package io.pitstop.check.live;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.finding.Severity;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.rule.Observed;
import io.pitstop.check.rule.Rule;
import io.pitstop.check.script.Script;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds the application's statements prepared in the session in which a migration is tried, as its own sessions do, and
 * looks after each step whether they still work.
 */
public final class LiveJudge {
    private static final int NAMED = 3;
    /** After these no other statement works less than before. */
    private static final Set<String> HARMLESS = Set.of(
            "CommentStmt",
            "IndexStmt",
            "InsertStmt",
            "UpdateStmt",
            "DeleteStmt",
            "GrantStmt",
            "VariableSetStmt",
            "VacuumStmt",
            "CreateStatsStmt");

    private final List<LiveStatement> statements;
    private final Map<LiveStatement, Prepared> working = new LinkedHashMap<>();
    private final List<LiveStatement> apart = new ArrayList<>();
    private final Map<LiveStatement, Break> broken = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    public LiveJudge(List<LiveStatement> statements) {
        this.statements = List.copyOf(statements);
    }

    /** @param execute runs it with a null for each of its parameters, on paper */
    private record Prepared(String name, String execute) {}

    /** @param since the statement after which it does not work, or not as before */
    private record Break(Statement since, Rule rule, String message) {}

    /** Prepares them against today's schema; those that fail are put apart. */
    public void prepare(Connection connection) throws SQLException {
        for (LiveStatement each : statements) {
            if (!prepares(connection, each, "pitstop_live_" + working.size())) {
                apart.add(each);
            }
        }
    }

    /** Forgets what a transaction did that was rolled back. */
    public void begin() {
        broken.clear();
    }

    /**
     * Looks who works after a statement. What works again later in the same transaction was never seen not to.
     *
     * @param connection in the transaction that ran it
     */
    public void look(Connection connection, Statement statement) throws SQLException {
        if (working.isEmpty() || HARMLESS.contains(statement.kind()) || allWork(connection)) {
            return;
        }
        for (Map.Entry<LiveStatement, Prepared> each : working.entrySet()) {
            SQLException failure = failure(connection, each.getValue().execute());
            String state = failure == null ? "" : String.valueOf(failure.getSQLState());
            if (state.equals("0A000")) {
                broken.putIfAbsent(each.getKey(), new Break(statement, Observed.RESULT_CHANGES, ""));
            } else if (isFatal(state)) {
                Break known = broken.get(each.getKey());
                if (known == null || known.rule() != Observed.STATEMENT_FAILS) {
                    String message = io.pitstop.database.Database.message(failure);
                    broken.put(each.getKey(), new Break(statement, Observed.STATEMENT_FAILS, message));
                }
            } else {
                broken.remove(each.getKey());
            }
        }
    }

    /** What is broken now that the transaction is over is broken for the application. */
    public void settle(Connection connection, Script script) throws SQLException {
        Map<Statement, List<LiveStatement>> bySteps = new LinkedHashMap<>();
        broken.forEach((live, why) ->
                bySteps.computeIfAbsent(why.since(), key -> new ArrayList<>()).add(live));
        bySteps.forEach((step, all) -> {
            report(script, step, Observed.STATEMENT_FAILS, all);
            report(script, step, Observed.RESULT_CHANGES, all);
        });
        for (Map.Entry<LiveStatement, Break> each : broken.entrySet()) {
            Prepared old = working.remove(each.getKey());
            if (each.getValue().rule() == Observed.RESULT_CHANGES) {
                execute(connection, "DEALLOCATE " + old.name());
                prepares(connection, each.getKey(), old.name());
            }
        }
        broken.clear();
    }

    public List<Finding> findings() {
        return findings;
    }

    /** How many were held against the schema, and which were not. */
    public List<String> notes() {
        if (statements.isEmpty()) {
            return List.of();
        }
        List<String> notes = new ArrayList<>();
        notes.add("live statements: " + (statements.size() - apart.size()) + " of " + statements.size()
                + " were prepared against every schema of the migration");
        if (!apart.isEmpty()) {
            String named =
                    apart.stream().limit(NAMED).map(LiveStatement::excerpt).collect(Collectors.joining("; "));
            notes.add("live statements that cannot be prepared today either, which says nothing of the migration: "
                    + named + more(apart.size()));
        }
        return notes;
    }

    private void report(Script script, Statement step, Rule rule, List<LiveStatement> all) {
        List<LiveStatement> mine =
                all.stream().filter(each -> broken.get(each).rule() == rule).toList();
        if (mine.isEmpty()) {
            return;
        }
        String named = mine.stream()
                .limit(NAMED)
                .map(each -> each.excerpt() + message(broken.get(each)))
                .collect(Collectors.joining("; "));
        // When the old version is gone, its statements may fail: nobody runs them.
        Severity severity = script.phase().isOldVersionAlive() ? rule.severity() : Severity.WARNING;
        findings.add(new Finding(
                Judge.LIVE,
                rule.id(),
                severity,
                script.file(),
                step.line(),
                step.excerpt(),
                rule.why() + " It concerns: " + named + more(mine.size()) + ".",
                rule.instead()));
    }

    private static String message(Break why) {
        return why.message().isEmpty() ? "" : " (" + why.message() + ")";
    }

    private static String more(int count) {
        return count > NAMED ? "; and " + (count - NAMED) + " more" : "";
    }

    private boolean prepares(Connection connection, LiveStatement live, String name) throws SQLException {
        try {
            execute(connection, "PREPARE " + name + " AS " + live.preparable());
        } catch (SQLException e) {
            return false;
        }
        Prepared prepared = new Prepared(name, "EXPLAIN EXECUTE " + name + nulls(connection, name));
        try {
            execute(connection, prepared.execute());
        } catch (SQLException e) {
            execute(connection, "DEALLOCATE " + name);
            return false;
        }
        working.put(live, prepared);
        return true;
    }

    private static String nulls(Connection connection, String name) throws SQLException {
        try (java.sql.Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(
                        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = '" + name
                                + "'")) {
            row.next();
            int count = row.getInt(1);
            return count == 0 ? "" : "(NULL" + ", NULL".repeat(count - 1) + ")";
        }
    }

    /** All of them in one go. */
    private boolean allWork(Connection connection) throws SQLException {
        String all = working.values().stream().map(Prepared::execute).collect(Collectors.joining(";"));
        boolean work = failure(connection, all) == null;
        if (work) {
            broken.clear();
        }
        return work;
    }

    private static SQLException failure(Connection connection, String sql) throws SQLException {
        try {
            execute(connection, "SAVEPOINT pitstop_live;" + sql + "; RELEASE SAVEPOINT pitstop_live");
            return null;
        } catch (SQLException e) {
            execute(connection, "ROLLBACK TO SAVEPOINT pitstop_live");
            return e;
        }
    }

    private static boolean isFatal(String state) {
        return state.startsWith("42") && !state.equals("42501") || state.equals("3F000");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
