package io.pitstop.migration;

import static java.util.stream.Collectors.joining;

import io.pitstop.config.Quantity;
import io.pitstop.database.Blocker;
import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.database.Look;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.executor.Context;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.internal.jdbc.Results;

/**
 * One script in one transaction, tried again and again until all of its locks are free at once.
 *
 * <p>A try that does not get a lock is rolled back to where the transaction began, which gives back the locks that it
 * did get: it must not keep one while it waits for the next.
 */
final class PatientTransaction {
    /** A transaction this old was there through all the tries before the look at it. */
    private static final Duration LASTING = Duration.ofSeconds(1);

    private final MigrationExecutor script;
    private final Path file;
    private final Run run;
    private final Connection connection;
    private final Ladder ladder;
    private ScriptWatch watch;
    private List<Blocker> seen = List.of();
    private List<Blocker> inTheWay = List.of();
    private String said = "";
    private int tries;
    private long longestTryNanos;

    PatientTransaction(MigrationExecutor script, Path file, Run run, Connection connection) {
        this.script = script;
        this.file = file;
        this.run = run;
        this.connection = connection;
        this.ladder = new Ladder(run.limits().lockTimeout(), ThreadLocalRandom.current());
    }

    List<Results> execute(Context flyway) throws SQLException {
        Settings settings = new Settings(connection, true);
        settings.patient();
        Savepoint clean = connection.setSavepoint();
        try (ScriptWatch begun = new ScriptWatch(file, run, Database.pid(connection), false)) {
            watch = begun;
            List<Results> results = untilLocksAreFree(flyway, settings, clean);
            settings.lockTimeout(run.limits().lockTimeout().toMillis()); // for what Flyway adds to its history
            return results;
        } catch (SQLException e) {
            if (watch != null && watch.reason().isPresent()) {
                throw watch.reason().get();
            }
            throw e;
        }
    }

    int tries() {
        return tries;
    }

    Duration longestTry() {
        return Duration.ofNanos(longestTryNanos);
    }

    private List<Results> untilLocksAreFree(Context flyway, Settings settings, Savepoint clean) throws SQLException {
        long deadline = System.nanoTime() + run.limits().lockWithin().toNanos();
        while (true) {
            boolean last = System.nanoTime() > deadline;
            if (last) {
                ladder.waitNext(); // the only way to see whom to name
            }
            Optional<List<Results>> results = attempt(flyway, settings);
            if (results.isPresent()) {
                return results.get();
            }
            connection.rollback(clean);
            if (last) {
                throw gaveUp();
            }
            ladder.failed(isStarved());
            pause();
        }
    }

    private Optional<List<Results>> attempt(Context flyway, Settings settings) throws SQLException {
        run.lease().ensureHeld(connection);
        settings.lockTimeout(ladder.timeoutMs());
        long start = System.nanoTime();
        tries++;
        try {
            return Optional.of(ladder.waits() ? watched(flyway) : script.execute(flyway));
        } catch (SQLException | FlywayException e) {
            if (ScriptFailure.isLockNotFree(e)) {
                return Optional.empty();
            }
            throw watch.reason().orElseGet(() -> ScriptFailure.of(e, file, "It was rolled back as a whole.", run));
        } finally {
            longestTryNanos = Math.max(longestTryNanos, System.nanoTime() - start);
        }
    }

    private List<Results> watched(Context flyway) throws SQLException {
        Look look = new Blockers(run.side()).look(Database.pid(connection));
        try (look) {
            return script.execute(flyway);
        } finally {
            seen = look.seen();
            if (!seen.isEmpty()) {
                inTheWay = seen;
                sayWhoIsInTheWay();
            }
        }
    }

    private boolean isStarved() {
        return seen.stream().noneMatch(blocker -> blocker.age().compareTo(LASTING) > 0);
    }

    private void sayWhoIsInTheWay() {
        String pids = inTheWay.stream().map(blocker -> "" + blocker.pid()).collect(joining(" "));
        if (!pids.equals(said)) {
            said = pids;
            run.say(file, "waits for a lock; in the way: " + names());
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ladder.pauseMs());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing(
                    "waiting for the locks of " + file.getFileName() + "; nothing of it was applied. " + run.before());
        }
    }

    private DependencyFailed gaveUp() {
        return new DependencyFailed(
                file + " did not get its locks within "
                        + Quantity.text(run.limits().lockWithin()) + " and " + tries + " tries. In the way: " + names()
                        + ". Nothing of it is left. " + run.before(),
                "Wait for that transaction or end it, then run the step again.");
    }

    private String names() {
        return inTheWay.isEmpty() ? "many short transactions, none of which could be seen" : Blockers.names(inTheWay);
    }
}
