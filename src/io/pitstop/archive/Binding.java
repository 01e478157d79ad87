package io.pitstop.archive;

import static io.pitstop.archive.Query.quoted;

import io.pitstop.archive.Definition.Manner;
import io.pitstop.archive.Makings.Making;
import io.pitstop.database.Database;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Binds rows again that are back: indexes concurrently, constraints not valid and then validated, so that nobody waits.
 *
 * <p>What a row does not satisfy is left out: a constraint that is only not valid would refuse every change of that row.
 */
final class Binding {
    /** What needs others comes after them. */
    private static final List<Manner> ORDER = List.of(
            Manner.NOT_NULL,
            Manner.INDEX,
            Manner.UNIQUE,
            Manner.CHECK,
            Manner.PLAIN,
            Manner.VALUE,
            Manner.FOREIGN_KEY,
            Manner.ALONE,
            Manner.IMPOSSIBLE);

    private final Work work;
    private final Makings makings;

    Binding(Work work, Makings makings) {
        this.work = work;
        this.makings = makings;
    }

    void run(List<Making> all) throws SQLException {
        List<Making> open = all.stream()
                .filter(making -> !making.restored())
                .sorted(Comparator.comparing(
                        making -> ORDER.indexOf(making.definition().manner())))
                .toList();
        for (Making making : open) {
            String problem = problem(making);
            if (problem.isEmpty()) {
                work.say("restore: " + making.definition().identity() + " is back");
            } else {
                makings.noteProblem(work.side(), making, problem);
            }
        }
    }

    /** Why it cannot be made; empty if it was. */
    private String problem(Making making) throws SQLException {
        try {
            return make(making);
        } catch (SQLException e) {
            if (Database.isOutside(e)) {
                throw e;
            }
            return Database.message(e);
        }
    }

    private String make(Making making) throws SQLException {
        Definition definition = making.definition();
        return switch (definition.manner()) {
            case PLAIN, VALUE -> plain(making, definition.sql());
            case ALONE -> {
                work.alone(definition.sql());
                yield plain(making);
            }
            case INDEX -> {
                build(definition.extra(), definition.sql());
                yield plain(making);
            }
            case UNIQUE -> unique(making);
            case CHECK -> check(making);
            case FOREIGN_KEY -> foreignKey(making);
            case NOT_NULL -> notNull(making);
            case IMPOSSIBLE -> definition.extra();
        };
    }

    /** Statements, its dress, and the note that it is back. */
    private String plain(Making making, String... statements) throws SQLException {
        work.patiently("restore: " + making.definition().identity(), transaction -> {
            Work.execute(transaction, List.of(statements));
            makings.noteRestored(transaction, making, Remaking.dress(transaction, making.definition()));
        });
        return "";
    }

    /** An unfinished index goes at once: a unique one may refuse what the application writes. */
    private void build(String name, String sql) throws SQLException {
        Optional<Boolean> valid = validity(name);
        if (valid.isPresent() && valid.get()) {
            return; // by a run that could not note it any more
        }
        try {
            remove(name);
            work.alone(sql);
        } catch (SQLException e) {
            remove(name);
            throw e;
        }
    }

    private void remove(String name) throws SQLException {
        if (validity(name).isPresent()) {
            work.alone("DROP INDEX CONCURRENTLY IF EXISTS " + name);
        }
    }

    /** Empty if there is no such index. */
    private Optional<Boolean> validity(String name) throws SQLException {
        String sql = "SELECT indisvalid AND indisready FROM pg_index WHERE indexrelid = to_regclass(?)";
        return Query.first(work.side(), sql, row -> row.getBoolean(1), name);
    }

    private String unique(Making making) throws SQLException {
        Definition definition = making.definition();
        if (isValid(definition).isPresent()) {
            return plain(making);
        }
        String schema = definition.address().names().get(0);
        build(quoted(schema) + "." + quoted(name(definition)), definition.extra());
        return plain(making, definition.sql());
    }

    private String check(Making making) throws SQLException {
        Definition definition = making.definition();
        String condition = definition.extra();
        if (!condition.isEmpty() && isValid(definition).isEmpty()) {
            long rows = work.count("SELECT count(*) FROM " + definition.target() + " WHERE NOT (" + condition + ")");
            if (rows > 0) {
                return "%,d rows of %s do not satisfy it".formatted(rows, definition.target());
            }
        }
        return validated(making, !condition.isEmpty());
    }

    private String foreignKey(Making making) throws SQLException {
        return validated(making, !making.definition().extra().isEmpty());
    }

    private String validated(Making making, boolean validate) throws SQLException {
        Definition definition = making.definition();
        Optional<Boolean> valid = isValid(definition);
        if (valid.isEmpty()) {
            work.patiently(
                    "restore: " + definition.identity(), transaction -> Query.run(transaction, definition.sql()));
        }
        if (validate && !valid.orElse(false)) {
            String name = quoted(name(definition));
            try {
                work.alone("ALTER TABLE " + definition.target() + " VALIDATE CONSTRAINT " + name);
            } catch (SQLException e) {
                if (!Database.isOutside(e)) {
                    String drop = "ALTER TABLE " + definition.target() + " DROP CONSTRAINT IF EXISTS " + name;
                    work.patiently("restore: " + definition.identity(), transaction -> Query.run(transaction, drop));
                }
                throw e;
            }
        }
        return plain(making);
    }

    /** By a check, because SET NOT NULL alone would read the whole table under a lock that stops every read. */
    private String notNull(Making making) throws SQLException {
        Definition definition = making.definition();
        String table = definition.target();
        String column = definition.extra();
        String check = "pitstop_not_null_" + making.number();
        String condition = column + " IS NOT NULL";
        long empty = work.count("SELECT count(*) FROM " + table + " WHERE NOT (" + condition + ")");
        if (empty > 0) {
            return "%,d rows of %s have no %s".formatted(empty, table, column);
        }
        String drop = "ALTER TABLE " + table + " DROP CONSTRAINT IF EXISTS " + check;
        work.patiently(
                "restore: " + definition.identity(),
                transaction -> Work.execute(
                        transaction,
                        List.of(
                                drop,
                                "ALTER TABLE " + table + " ADD CONSTRAINT " + check + " CHECK (" + condition
                                        + ") NOT VALID")));
        try {
            work.alone("ALTER TABLE " + table + " VALIDATE CONSTRAINT " + check);
        } catch (SQLException e) {
            work.patiently("restore: " + definition.identity(), transaction -> Query.run(transaction, drop));
            throw e;
        }
        return plain(making, definition.sql(), drop);
    }

    /** Empty if there is no such constraint. */
    private Optional<Boolean> isValid(Definition definition) throws SQLException {
        return Query.first(
                work.side(),
                "SELECT convalidated FROM pg_constraint WHERE conrelid = to_regclass(?) AND conname = ?",
                row -> row.getBoolean(1),
                definition.target(),
                name(definition));
    }

    private static String name(Definition definition) {
        List<String> names = definition.address().names();
        return names.get(names.size() - 1);
    }
}
