package io.pitstop.archive;

import static java.util.stream.Collectors.toSet;

import io.pitstop.archive.Definition.Manner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The rows of the register that tell how objects are made again. */
final class Makings {
    private final String release;

    Makings(String release) {
        this.release = release;
    }

    /**
     * One of them.
     *
     * @param restored true once it is there again
     * @param problem why it is not, or not as it was; empty if nothing is known
     */
    record Making(String script, int number, boolean restored, Optional<String> problem, Definition definition) {
        static Making from(ResultSet row) throws SQLException {
            return new Making(
                    row.getString("script"),
                    row.getInt("number"),
                    row.getTimestamp("restored_at") != null,
                    Optional.ofNullable(row.getString("problem")),
                    Definition.from(row));
        }
    }

    /** What is gone, the last script's first. */
    List<Making> dropped(Connection session) throws SQLException {
        return Query.list(
                session,
                "SELECT * FROM pitstop.archived_objects WHERE release = ? AND dropped_at IS NOT NULL"
                        + " ORDER BY dropped_at DESC, script DESC, number",
                Making::from,
                release);
    }

    /**
     * Replaces what is known of a script that was not run yet, or whose effect was taken back. What was noted as dropped by one
     * that failed outside a transaction stays: the catalog may show only half of it by now.
     */
    void replace(Connection transaction, Going going) throws SQLException {
        forget(transaction, going.script());
        List<Making> kept = of(transaction, going.script());
        Set<String> known =
                kept.stream().map(making -> making.definition().identity()).collect(toSet());
        int number = kept.stream().mapToInt(Making::number).max().orElse(-1) + 1;
        for (Definition definition : going.definitions()) {
            if (known.contains(definition.identity())) {
                continue;
            }
            Query.run(
                    transaction,
                    "INSERT INTO pitstop.archived_objects (release, script, number, phase, manner, identity, type, names,"
                            + " arguments, target, sql, extra, dress) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    release,
                    going.script(),
                    number++,
                    definition.phase().name().toLowerCase(Locale.ROOT),
                    definition.manner().name().toLowerCase(Locale.ROOT),
                    definition.identity(),
                    definition.address().type(),
                    definition.address().names(),
                    definition.address().arguments(),
                    definition.target(),
                    definition.sql(),
                    definition.extra(),
                    definition.dress());
        }
    }

    private List<Making> of(Connection transaction, String script) throws SQLException {
        return Query.list(
                transaction,
                "SELECT * FROM pitstop.archived_objects WHERE release = ? AND script = ?",
                Making::from,
                release,
                script);
    }

    void forget(Connection transaction, String script) throws SQLException {
        Query.run(
                transaction,
                "DELETE FROM pitstop.archived_objects WHERE release = ? AND script = ?"
                        + " AND (dropped_at IS NULL OR restored_at IS NOT NULL)",
                release,
                script);
    }

    /** Notes where sequences are that a script is about to take. */
    void noteValues(Connection transaction, String script) throws SQLException {
        List<Making> values = Query.list(
                transaction,
                "SELECT * FROM pitstop.archived_objects WHERE release = ? AND script = ? AND manner = ?",
                Making::from,
                release,
                script,
                Manner.VALUE.name().toLowerCase(Locale.ROOT));
        for (Making making : values) {
            String sequence = making.definition().target();
            String setval = Query.text(
                    transaction,
                    "SELECT format('SELECT pg_catalog.setval(%L, %s, %L)', ?::text, last_value, is_called) FROM "
                            + sequence,
                    sequence);
            Query.run(
                    transaction,
                    "UPDATE pitstop.archived_objects SET sql = ? WHERE release = ? AND script = ? AND number = ?",
                    setval,
                    release,
                    script,
                    making.number());
        }
    }

    void noteDropped(Connection transaction, String script) throws SQLException {
        Query.run(
                transaction,
                "UPDATE pitstop.archived_objects SET dropped_at = clock_timestamp() WHERE release = ? AND script = ?",
                release,
                script);
    }

    /** It is not there, for a reason. */
    void noteProblem(Connection transaction, Making making, String problem) throws SQLException {
        Query.run(
                transaction,
                "UPDATE pitstop.archived_objects SET problem = ? WHERE release = ? AND script = ? AND number = ?",
                problem,
                release,
                making.script(),
                making.number());
    }

    /** @param problem what could not be done; null if all was */
    void noteRestored(Connection transaction, Making making, String problem) throws SQLException {
        Query.run(
                transaction,
                "UPDATE pitstop.archived_objects SET restored_at = clock_timestamp(), problem = ?"
                        + " WHERE release = ? AND script = ? AND number = ?",
                problem,
                release,
                making.script(),
                making.number());
    }
}
