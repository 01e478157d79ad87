package io.pitstop.archive;

import io.pitstop.config.Quantity;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Goes over a table in the order of its key, in batches so short that nobody notices. */
final class Walk {
    private static final int MOST_ROWS = 10_000;
    private static final int SMALL = 500;
    private static final int ROWS_IN_A_BLOCK = 50;
    private static final int RANGES_OF_PLACES = 14;
    private static final long PAUSE_MS = 100;

    /** How long a statement of a small batch may take: it cannot be made much smaller, but a runaway one ends. */
    private static final Duration SMALL_BATCH_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration TELL_EVERY = Duration.ofSeconds(2);

    /** Lock not available, deadlock, statement timeout, serialization failure: a smaller batch may get through. */
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01", "57014", "40001");

    private final Work work;
    private final String what;
    private final String table;
    private final List<String> keys;
    private final List<String> types;
    private long size = MOST_ROWS;
    private long done;
    private long estimate;
    private long tellAt = System.nanoTime() + TELL_EVERY.toNanos() / 2;
    private final long start = System.nanoTime();

    private Walk(Work work, String what, String table, List<String> keys, List<String> types) {
        this.work = work;
        this.what = what;
        this.table = table;
        this.keys = keys;
        this.types = types;
    }

    /** One batch, the note of how far it came included. */
    interface Batch {
        /** @return rows that it went over */
        long over(Connection transaction, Range range) throws SQLException;
    }

    /** Over the rows of the table itself, as {@code t}. */
    static Walk ofTable(Work work, String what, Source source) {
        return new Walk(
                work,
                what,
                source.table() + " AS t",
                source.keys().stream().map(key -> key.in("t")).toList(),
                source.keys().stream().map(Column::type).toList());
    }

    /** Over the rows of its archive, as {@code a}. */
    static Walk ofArchive(Work work, String what, Place place) {
        List<Column> keys = place.source().keys();
        return new Walk(
                work,
                what,
                place.rows() + " AS a",
                keys.stream().map(key -> key.keptIn("a")).toList(),
                keys.stream().map(Column::kept).toList());
    }

    /**
     * Walks to the row that is the last one now.
     *
     * @param after the key to go on after; empty to begin with the first
     */
    void from(List<String> after, Batch batch) throws SQLException {
        Optional<List<String>> end = end();
        if (end.isEmpty() || !isBefore(after, end.get())) {
            return;
        }
        estimate =
                Query.number(work.side(), "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(?)", name());
        List<String> at = after;
        while (!at.equals(end.get())) {
            at = step(at, end.get(), batch);
        }
    }

    /** One batch, made smaller until it gets through; returns the last key of it. */
    private List<String> step(List<String> after, List<String> end, Batch batch) throws SQLException {
        long deadline = System.nanoTime() + work.limits().lockWithin().toNanos();
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new Interrupted(
                        "Interrupted while " + what + ".", "Run the same command again to go on from there.");
            }
            Range range = new Range(keys, types, after, next(after, end).orElse(end), isByPlace() && !scansRanges());
            long began = System.nanoTime();
            try {
                done += work.batch(timeout(), transaction -> batch.over(transaction, range));
                passed(Duration.ofNanos(System.nanoTime() - began));
                return range.to();
            } catch (SQLException e) {
                if (!IN_THE_WAY.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
                if (size == 1 && System.nanoTime() > deadline) {
                    throw locked(range, e);
                }
                size = Math.max(1, size / 4);
                pause();
            }
        }
    }

    private void passed(Duration took) {
        long longest = work.limits().lockTimeout().toNanos();
        if (took.toNanos() > longest) {
            size = Math.max(Math.min(SMALL, size), size / 2);
        } else if (took.toNanos() * 2 < longest) {
            size = Math.min(MOST_ROWS, size * 2);
        }
        long now = System.nanoTime();
        if (now >= tellAt) {
            tellAt = now + TELL_EVERY.toNanos();
            String total = estimate > done ? String.format(Locale.ROOT, " of about %,d", estimate) : "";
            double seconds = (now - start) / 1e9;
            work.say(String.format(Locale.ROOT, "%s: %,d%s rows, %,.0f rows/s", what, done, total, done / seconds));
        }
    }

    private Duration timeout() {
        return size > SMALL ? work.limits().lockTimeout() : SMALL_BATCH_TIMEOUT;
    }

    private Optional<List<String>> end() throws SQLException {
        if (isByPlace()) {
            String last = "SELECT ARRAY[format('(%s,0)', pg_relation_size(to_regclass(?))"
                    + " / current_setting('block_size')::int + 1)] AS key";
            return Query.first(work.side(), last, row -> Query.texts(row, "key"), name());
        }
        return key("", "DESC", "");
    }

    /** The key of the last row of the next batch; empty if fewer are left. */
    private Optional<List<String>> next(List<String> after, List<String> end) throws SQLException {
        if (isByPlace()) {
            long to = (after.isEmpty() ? 0 : Range.block(after.get(0))) + Math.max(1, size / ROWS_IN_A_BLOCK);
            List<String> key = List.of("(" + to + ",0)");
            return isBefore(key, end) ? Optional.of(key) : Optional.empty();
        }
        Range rest = new Range(keys, types, after, end, false);
        return key(" WHERE " + rest.condition(), "", " OFFSET " + (size - 1), rest.values(1));
    }

    private Optional<List<String>> key(String where, String order, String offset, Object... values)
            throws SQLException {
        List<String> texts = keys.stream().map(key -> key + "::text").toList();
        List<String> ordered = keys.stream().map(key -> key + " " + order).toList();
        String sql = "SELECT ARRAY[" + String.join(", ", texts) + "] AS key FROM " + table + where + " ORDER BY "
                + String.join(", ", ordered) + offset + " LIMIT 1";
        return Query.first(work.side(), sql, row -> Query.texts(row, "key"), values);
    }

    /** Where the table has become shorter than when the walk was left, nothing remains to be walked. */
    private boolean isBefore(List<String> key, List<String> end) throws SQLException {
        if (key.isEmpty()) {
            return true;
        }
        List<String> bounds =
                types.stream().map(type -> "CAST(? AS " + type + ")").toList();
        String row = "(" + String.join(", ", bounds) + ")";
        List<String> values = new ArrayList<>(key);
        values.addAll(end);
        return Query.list(work.side(), "SELECT " + row + " < " + row, found -> found.getBoolean(1), values.toArray())
                .get(0);
    }

    private boolean isByPlace() {
        return types.get(0).equals(Column.PLACE.type()) && table.endsWith(" AS t");
    }

    private boolean scansRanges() throws SQLException {
        return work.side().getMetaData().getDatabaseMajorVersion() >= RANGES_OF_PLACES;
    }

    private String name() {
        return table.substring(0, table.length() - " AS t".length());
    }

    private DependencyFailed locked(Range range, SQLException e) {
        return new DependencyFailed(
                "While " + what + ", " + range + " of " + name() + " was locked for longer than "
                        + Quantity.text(work.limits().lockWithin()) + ".",
                "Wait for that transaction or end it, then run the step again to go on from there.",
                e);
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing(what);
        }
    }
}
