package io.pitstop.migration;

import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.database.LockPatience;
import io.pitstop.database.LockPatience.Undo;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.executor.Context;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.internal.jdbc.Results;

/**
 * One script in one transaction, tried again and again until all of its locks are free at once, and a few times more if
 * the application had to wait for what it does with them.
 */
final class PatientTransaction {
    private final MigrationExecutor script;
    private final Path file;
    private final Run run;
    private final Connection connection;
    private ScriptWatch watch;
    private int tries;
    private long longestTryNanos;

    PatientTransaction(MigrationExecutor script, Path file, Run run, Connection connection) {
        this.script = script;
        this.file = file;
        this.run = run;
        this.connection = connection;
    }

    List<Results> execute(Context flyway) throws SQLException {
        Settings settings = new Settings(connection, true);
        settings.patient();
        Savepoint clean = connection.setSavepoint();
        int pid = Database.pid(connection);
        try (ScriptWatch begun = new ScriptWatch(file, run, connection, false)) {
            watch = begun;
            begun.end();
            Undo undo = () -> connection.rollback(clean);
            List<Results> results = untilNobodyWaits(flyway, settings, pid, undo);
            settings.lockTimeout(run.limits().lockTimeout().toMillis()); // for what Flyway adds to its history
            return results;
        } catch (SQLException e) {
            if (watch != null && watch.reason().isPresent()) {
                throw watch.reason().get();
            }
            throw e;
        }
    }

    private List<Results> untilNobodyWaits(Context flyway, Settings settings, int pid, Undo undo) throws SQLException {
        HeldUp heldUp = new HeldUp(file, run);
        while (true) {
            Try done = new LockPatience(run.limits(), new Blockers(run.side()), pid, task())
                    .untilFree(timeoutMs -> attempt(flyway, settings, timeoutMs), undo);
            if (done.cancelled() == null) {
                return done.results();
            }
            undo.run(); // before the pause: nobody may wait meanwhile
            heldUp.pause(done.cancelled(), watch.heldUp().orElseThrow());
        }
    }

    int tries() {
        return tries;
    }

    Duration longestTry() {
        return Duration.ofNanos(longestTryNanos);
    }

    private LockPatience.Task task() {
        return new LockPatience.Task(
                file.toString(), what -> run.say(file, what), () -> "Nothing of it is left. " + run.before());
    }

    /** @param cancelled how it ended, if the application waited for it; null if it went through */
    private record Try(List<Results> results, Exception cancelled) {}

    private Optional<Try> attempt(Context flyway, Settings settings, long timeoutMs) throws SQLException {
        if (watch.reason().isPresent()) {
            throw watch.reason().get(); // nobody watches any more
        }
        run.guard().ready(file);
        run.lease().ensureHeld(connection);
        settings.endIfIdle();
        settings.lockTimeout(timeoutMs);
        long start = System.nanoTime();
        tries++;
        watch.begin();
        try {
            if (!run.guard().before(file, connection)) {
                return Optional.empty();
            }
            List<Results> results = script.execute(flyway);
            run.guard().after(file, connection);
            return Optional.of(new Try(results, null));
        } catch (SQLException | FlywayException e) {
            if (ScriptFailure.isLockNotFree(e)) {
                return Optional.empty();
            }
            if (watch.heldUp().isPresent() && watch.reason().isEmpty() && ScriptFailure.isCancelled(e)) {
                return Optional.of(new Try(List.of(), e));
            }
            throw watch.reason().orElseGet(() -> ScriptFailure.of(e, file, "It was rolled back as a whole.", run));
        } finally {
            watch.end();
            longestTryNanos = Math.max(longestTryNanos, System.nanoTime() - start);
        }
    }
}
