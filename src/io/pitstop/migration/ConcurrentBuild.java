package io.pitstop.migration;

import io.pitstop.database.Blocker;
import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import io.pitstop.migration.Indexes.Index;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.executor.Context;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.internal.jdbc.Results;

/**
 * One script outside a transaction, such as {@code CREATE INDEX CONCURRENTLY}: it waits for old snapshots as long as it
 * must, since nobody waits for it, and an index that it could not finish is dropped.
 *
 * <p>Which indexes were there before the first attempt is in the journal, so that an attempt whose process died is
 * cleaned up after as well.
 */
final class ConcurrentBuild {
    private static final String INTENT = "script without transaction begun";
    private static final String DUPLICATE = "42P07";
    private static final Duration SHORTEST_DROP = Duration.ofSeconds(10);

    private final MigrationExecutor script;
    private final Path file;
    private final Run run;
    private final Connection connection;
    private final Indexes indexes;
    private ScriptWatch watch;
    private String left =
            "It runs outside a transaction: unfinished indexes were removed, statements before this one stay.";

    ConcurrentBuild(MigrationExecutor script, Path file, Run run, Connection connection) {
        this.script = script;
        this.file = file;
        this.run = run;
        this.connection = connection;
        this.indexes = new Indexes(run.side(), text(file));
    }

    List<Results> execute(Context flyway) throws SQLException {
        refusePrepared();
        Optional<Set<Long>> first = beforeFirstAttempt();
        Set<Long> before = first.isPresent() ? first.get() : noteIntent();
        removeUnfinished(before);
        warnOfOldSnapshots();
        Settings settings = new Settings(connection, false);
        settings.patient();
        settings.lockTimeout(0);
        List<Results> results;
        try {
            results = attempt(flyway);
        } catch (SQLException | FlywayException e) {
            removeIfPossible(before);
            if (first.isEmpty() || !DUPLICATE.equals(ScriptFailure.state(e)) || !removeFinished(before)) {
                throw failure(e);
            }
            // An earlier attempt built the index and died before Flyway could write that down.
            results = again(flyway, before);
        }
        ensureValid(before);
        return results;
    }

    private List<Results> attempt(Context flyway) throws SQLException {
        run.guard().ready(file);
        run.guard().before(file, run.side());
        run.lease().ensureHeld();
        try (ScriptWatch begun = new ScriptWatch(file, run, connection, true)) {
            watch = begun;
            return script.execute(flyway);
        }
    }

    private List<Results> again(Context flyway, Set<Long> before) throws SQLException {
        try {
            return attempt(flyway);
        } catch (SQLException | FlywayException e) {
            removeIfPossible(before);
            throw failure(e);
        }
    }

    /** Whoever was in the way of the build may be in the way of this as well: why that failed is to be said then. */
    private void removeIfPossible(Set<Long> before) throws SQLException {
        try {
            removeUnfinished(before);
        } catch (SQLException e) {
            if (!ScriptFailure.isCancelled(e)) {
                throw e;
            }
            left = "It runs outside a transaction: the unfinished index stays until the next run removes it, and"
                    + " statements before this one stay.";
            run.say(file, "leaves an unfinished index to the next run, as it could not be removed in time");
        }
    }

    private PitstopException failure(Exception e) {
        if (watch.reason().isEmpty() && watch.heldUp().isPresent() && ScriptFailure.isCancelled(e)) {
            return new HeldUp(file, run).refusal(e, watch.heldUp().get(), left);
        }
        return watch.reason().orElseGet(() -> ScriptFailure.of(e, file, left, run));
    }

    private Optional<Set<Long>> beforeFirstAttempt() {
        return run.lease().notes(INTENT).stream()
                .filter(note -> run.phase().toString().equals(note.get("phase")))
                .filter(note -> file.getFileName().toString().equals(note.get("script")))
                .map(note -> oids((List<?>) note.get("indexes")))
                .findFirst();
    }

    private Set<Long> noteIntent() throws SQLException {
        List<Long> oids = indexes.list().stream().map(Index::oid).toList();
        Map<String, Object> intent = Map.of(
                "phase", run.phase().toString(), "script", file.getFileName().toString(), "indexes", oids);
        run.lease().note(INTENT, intent);
        return new HashSet<>(oids);
    }

    private void removeUnfinished(Set<Long> before) throws SQLException {
        for (Index index : indexes.list()) {
            if (!index.valid() && !before.contains(index.oid())) {
                remove(index, "removes " + index.name() + ", which an attempt left unfinished");
            }
        }
    }

    private boolean removeFinished(Set<Long> before) throws SQLException {
        boolean removed = false;
        for (Index index : indexes.list()) {
            if (index.valid() && index.named() && !before.contains(index.oid())) {
                remove(index, "builds " + index.name() + " again, as its first build was cut short");
                removed = true;
            }
        }
        return removed;
    }

    private void remove(Index index, String what) throws SQLException {
        run.say(file, what);
        run.lease().ensureHeld();
        Duration within = run.limits().lockWithin();
        indexes.drop(index, within.compareTo(SHORTEST_DROP) < 0 ? SHORTEST_DROP : within);
    }

    /** One that nobody has ended in the time that we would wait for it is likely to be forgotten. */
    private void refusePrepared() throws SQLException {
        List<Blocker> prepared =
                new Blockers(run.side()).prepared(indexes.words(), run.limits().lockWithin());
        if (!prepared.isEmpty()) {
            throw new MoveRefused(
                    file + " would have to wait for " + Blockers.names(prepared) + ". It was not begun. "
                            + run.before(),
                    Blockers.hint(prepared) + ".");
        }
    }

    private void warnOfOldSnapshots() throws SQLException {
        for (Blocker blocker : new Blockers(run.side()).olderSnapshots(Database.pid(connection))) {
            run.say(file, "will have to wait for " + blocker);
        }
    }

    private void ensureValid(Set<Long> before) throws SQLException {
        for (Index index : indexes.list()) {
            if (!index.valid() && (index.named() || !before.contains(index.oid()))) {
                throw new MoveRefused(
                        "After " + file + " the index " + index.name() + " is there but not valid: no query uses it. "
                                + run.before(),
                        "Run DROP INDEX CONCURRENTLY " + index.name() + ", then the step again.");
            }
        }
    }

    private static Set<Long> oids(List<?> numbers) {
        Set<Long> oids = new HashSet<>();
        numbers.forEach(number -> oids.add(((Number) number).longValue()));
        return oids;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
