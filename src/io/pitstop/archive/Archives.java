package io.pitstop.archive;

import io.pitstop.archive.Unit.State;
import io.pitstop.database.Database;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What is in the archive, and how it leaves it. Nothing leaves it by itself. */
public final class Archives {
    private final Database database;
    private final String application;

    public Archives(Database database, String application) {
        this.database = database;
        this.application = application;
    }

    /**
     * The rows of one table that one script dropped.
     *
     * @param what the table, and the columns of it unless it went as a whole
     * @param state {@code copying}, {@code checking} or {@code verified} before the drop, then {@code dropped},
     *     {@code restored} or {@code purged}
     * @param bytes on disk, 0 once purged
     * @param droppedAt empty before the drop
     */
    public record Entry(
            long id,
            String release,
            String script,
            String what,
            String place,
            String state,
            long rows,
            long bytes,
            Optional<Instant> droppedAt) {
        /** True if its rows are still there. */
        public boolean isKept() {
            return !state.equals(State.PURGED.text());
        }
    }

    /** All entries of the application, oldest first. */
    public List<Entry> list() {
        String sql = "SELECT a.* FROM pitstop.archives a JOIN pitstop.releases r ON r.id = a.release"
                + " WHERE r.application = ? ORDER BY a.id";
        try (Connection session = database.connect("archive")) {
            if (Query.text(session, "SELECT to_regclass('pitstop.archives')").equals("null")) {
                return List.of();
            }
            List<Entry> entries = new ArrayList<>();
            for (Found found : Query.list(session, sql, Found::from, application)) {
                entries.add(entry(session, found));
            }
            return entries;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** Those that were dropped longer ago than {@code age} and are still kept. */
    public List<Entry> olderThan(Duration age, Instant now) {
        return list().stream()
                .filter(Entry::isKept)
                .filter(entry -> entry.droppedAt()
                        .filter(at -> at.plus(age).isBefore(now))
                        .isPresent())
                .toList();
    }

    /**
     * Removes the rows of entries for good, one at a time. How the objects were made stays known.
     *
     * @param lease of the release that they belong to
     * @param out gets a line for each
     */
    public void purge(Lease lease, List<Entry> entries, Consumer<String> out) {
        try (Work work = Work.begin(database, lease, out)) {
            for (Entry entry : entries) {
                Unit unit = new Units(entry.release()).load(work.side(), entry.id());
                work.patiently("archive: " + unit.name(), transaction -> {
                    Query.run(transaction, "DROP TABLE IF EXISTS " + entry.place());
                    Units.enter(transaction, unit, State.PURGED);
                });
                out.accept("purged " + entry.what() + " of " + entry.release());
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static Entry entry(Connection session, Found found) throws SQLException {
        Unit unit = found.unit;
        String place = new Place(unit.id(), new Source(unit.table(), unit.whole(), List.of(), List.of())).rows();
        long bytes = Query.number(session, "SELECT coalesce(pg_total_relation_size(to_regclass(?)), 0)", place);
        return new Entry(
                unit.id(),
                unit.release(),
                unit.script(),
                unit.name(),
                place,
                unit.state().text(),
                unit.rows(),
                bytes,
                found.droppedAt);
    }

    private record Found(Unit unit, Optional<Instant> droppedAt) {
        static Found from(ResultSet row) throws SQLException {
            return new Found(
                    Unit.from(row),
                    Optional.ofNullable(row.getTimestamp("dropped_at")).map(Timestamp::toInstant));
        }
    }
}
