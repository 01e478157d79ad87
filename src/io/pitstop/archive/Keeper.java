package io.pitstop.archive;

import io.pitstop.archive.Unit.State;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Copies the rows of one table into its archive, keeps up with those that change meanwhile, and compares the two.
 *
 * <p>Each part goes on where a run that died left it. From the triggers' creation on, a row either is as it was when
 * it was copied or its key is among the changes; so the archive is complete whenever there are no changes left.
 */
final class Keeper {
    /** Changes caught up with in one transaction, and so many at most while contract has the table for itself. */
    static final int CHANGES_AT_ONCE = 1_000;

    /** While others write there is always another change; so many are left to the moment of the drop. */
    private static final int HARDLY_ANY = 100;

    /** How often an archive is begun anew because all rows may have changed. */
    private static final int TURNS = 5;

    private final Work work;
    private final Unit unit;
    private final Source source;
    private final Place place;

    Keeper(Work work, Unit unit, Source source) {
        this.work = work;
        this.unit = unit;
        this.source = source;
        this.place = new Place(unit.id(), source);
    }

    Place place() {
        return place;
    }

    /** Returns once the archive holds what the table holds, was compared with it, and hardly anything has changed since. */
    void keep() throws SQLException {
        Units units = new Units(unit.release());
        for (int turn = 0; turn < TURNS; turn++) {
            Unit now = units.load(work.side(), unit.id());
            if (isStale(work.side())) {
                startOver(now.shape().isEmpty() ? "" : "all of its rows may have changed, so ");
                now = units.load(work.side(), unit.id());
            }
            if (now.is(State.COPYING)) {
                copy(now);
                now = units.load(work.side(), unit.id());
            }
            if (catchUp() && now.is(State.CHECKING)) {
                check(now);
            }
            if (catchUp()) {
                return;
            }
        }
        throw new MoveRefused(
                "The whole of " + source.table() + " changed " + TURNS + " times while it was archived.",
                source.isKeyed()
                        ? "Run contract again when nobody truncates it."
                        : "Stop writing to it, or give it a primary key, then run contract again.");
    }

    /**
     * Brings the archive up to date.
     *
     * @return false if all rows may have changed
     */
    boolean catchUp() throws SQLException {
        long deadline = System.nanoTime() + work.limits().lockWithin().toNanos();
        do {
            if (isStale(work.side())) {
                return false;
            }
            work.batch(Duration.ofSeconds(30), this::sync);
            if (System.nanoTime() > deadline) {
                throw new DependencyFailed(
                        source.table() + " changes faster than its changes can be archived.",
                        "Run contract again when less is written to it.");
            }
        } while (changes(work.side()) > HARDLY_ANY);
        return true;
    }

    /** How many changes are left, but for what is above one transaction's worth. */
    long changes(Connection session) throws SQLException {
        return Query.number(
                session,
                "SELECT count(*) FROM (SELECT FROM " + place.changes() + " LIMIT " + (CHANGES_AT_ONCE + 1)
                        + ") AS few");
    }

    /**
     * True if the triggers cannot say which rows have changed: all at once, or all have moved, or the triggers did not
     * see everything.
     */
    boolean isStale(Connection session) throws SQLException {
        if (!new Units(unit.release()).load(session, unit.id()).shape().equals(shape(session))) {
            return true;
        }
        String armed = "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(?) AND tgname = ANY (?)"
                + " AND tgenabled = 'A'";
        List<String> names = place.triggerNames();
        if (Query.number(session, armed, source.table(), names) != names.size()) {
            return true;
        }
        String key = source.keys().get(0).keptName();
        return Query.number(
                        session,
                        "SELECT count(*) FROM (SELECT FROM " + place.changes() + " WHERE " + key + " IS NULL LIMIT 1)"
                                + " AS found")
                > 0;
    }

    /**
     * Takes rows from the table as they are now, or out of the archive if they are gone, for the oldest changes.
     *
     * <p>One statement, so that it sees one state of the table: a change it does not see yet stays among the changes.
     */
    long sync(Connection transaction) throws SQLException {
        List<Column> keys = source.keys();
        String names = Source.each(keys, Column::keptName, ", ");
        String kept = Source.each(source.all(), Column::keptName, ", ");
        String set = source.columns().isEmpty()
                ? "NOTHING"
                : "UPDATE SET "
                        + Source.each(source.columns(), c -> c.keptName() + " = excluded." + c.keptName(), ", ");
        return Query.run(
                transaction,
                """
                WITH taken AS (
                    DELETE FROM %1$s WHERE pitstop_number IN (SELECT pitstop_number FROM %1$s ORDER BY pitstop_number LIMIT %2$s)
                    RETURNING %3$s),
                changed AS (SELECT DISTINCT %3$s FROM taken),
                gone AS (
                    DELETE FROM %4$s AS a USING changed WHERE %5$s AND NOT EXISTS (SELECT FROM %6$s AS t WHERE %7$s))
                INSERT INTO %4$s (%8$s) SELECT %9$s FROM changed JOIN %6$s AS t ON %7$s
                ON CONFLICT (%3$s) DO %10$s
                """
                        .formatted(
                                place.changes(),
                                CHANGES_AT_ONCE,
                                names,
                                place.rows(),
                                Source.each(keys, key -> key.keptIn("a") + " = " + key.keptIn("changed"), " AND "),
                                source.table(),
                                source.present("t", "changed"),
                                kept,
                                Source.each(source.all(), column -> column.toKept("t"), ", "),
                                set));
    }

    private void startOver(String why) throws SQLException {
        work.say("archive: " + why + "begins to keep " + unit.name());
        String shape = shape(work.side());
        work.patiently("archive: " + unit.name(), transaction -> {
            Work.execute(transaction, place.withoutTriggers());
            Work.execute(transaction, place.triggers());
            Query.run(transaction, "TRUNCATE " + place.rows() + ", " + place.changes());
            Query.run(transaction, "UPDATE pitstop.archives SET shape = ? WHERE id = ?", shape, unit.id());
            Units.enter(transaction, unit, State.COPYING);
        });
    }

    private void copy(Unit now) throws SQLException {
        String copy = "INSERT INTO " + place.rows() + " (" + Source.each(source.all(), Column::keptName, ", ")
                + ") SELECT " + Source.each(source.all(), column -> column.toKept("t"), ", ") + " FROM "
                + source.table() + " AS t WHERE ";
        Walk.ofTable(work, "archive: copying " + unit.name(), source).from(now.lastKey(), (transaction, range) -> {
            long rows = Query.run(transaction, copy + range.condition() + " ON CONFLICT DO NOTHING", range.values(1));
            Units.advance(transaction, unit, range.to());
            return rows;
        });
        Query.run(work.side(), "ANALYZE " + place.rows());
        work.write(transaction -> Units.enter(transaction, unit, State.CHECKING));
    }

    /** Both ways, because a row too many would come back as a row that was never there. */
    private void check(Unit now) throws SQLException {
        Comparison comparison = new Comparison(source, place);
        Walk.ofTable(work, "archive: comparing " + unit.name(), source).from(now.lastKey(), (transaction, range) -> {
            Comparison.Outcome batch = comparison.ofTable(transaction, range);
            requireEqual(batch);
            Units.count(transaction, unit, batch.rows(), batch.checksum());
            Units.advance(transaction, unit, range.to());
            return batch.rows();
        });
        Walk.ofArchive(work, "archive: comparing back " + unit.name(), place).from(List.of(), (transaction, range) -> {
            Comparison.Outcome batch = comparison.ofArchive(transaction, range);
            requireEqual(batch);
            return batch.rows();
        });
        work.write(transaction -> Units.enter(transaction, unit, State.VERIFIED));
        long rows = new Units(unit.release()).load(work.side(), unit.id()).rows();
        work.say(String.format(Locale.ROOT, "archive: %s, %,d rows kept and compared", unit.name(), rows));
    }

    private void requireEqual(Comparison.Outcome batch) throws SQLException {
        if (!batch.isEqual()) {
            Query.run(work.side(), "UPDATE pitstop.archives SET shape = '' WHERE id = ?", unit.id());
            throw new DependencyFailed(
                    "The archive of " + unit.name() + " differs from the table in " + batch.different()
                            + " rows of a batch, the first with key " + batch.first() + "; nothing was dropped.",
                    "Run contract again: it archives the table anew.");
        }
    }

    /** What must stay the same for the triggers to see every change. */
    private String shape(Connection session) throws SQLException {
        String leaves =
                "SELECT string_agg(relid::oid::text, ' ' ORDER BY relid::oid) FROM pg_partition_tree(to_regclass(?))";
        String file = "SELECT pg_relation_filenode(to_regclass(?))::text";
        String oid = "SELECT to_regclass(?)::oid::text";
        return Query.text(session, source.isKeyed() ? oid : file, source.table()) + " "
                + Query.text(session, leaves, source.table());
    }
}
