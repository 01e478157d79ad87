package io.pitstop.migration;

import io.pitstop.database.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.api.executor.Context;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.internal.jdbc.Results;

/** Executes one script so that nobody waits for it, in a transaction where it can run in one. */
final class LockSafe implements MigrationExecutor {
    private final ResolvedMigration migration;
    private final MigrationExecutor script;
    private final Path file;
    private final Run run;

    LockSafe(ResolvedMigration migration, Path file, Run run) {
        this.migration = migration;
        this.script = migration.getExecutor();
        this.file = file;
        this.run = run;
    }

    @Override
    public List<Results> execute(Context flyway) {
        try {
            return run(flyway);
        } catch (SQLException e) {
            // As an error of Flyway's own it would leave a row "failed" behind, which stops every later run.
            throw Database.failure(e);
        }
    }

    @Override
    public boolean canExecuteInTransaction() {
        return script.canExecuteInTransaction();
    }

    @Override
    public boolean shouldExecute() {
        return script.shouldExecute();
    }

    private List<Results> run(Context flyway) throws SQLException {
        run.began();
        long start = System.nanoTime();
        if (canExecuteInTransaction()) {
            PatientTransaction transaction = new PatientTransaction(script, file, run, flyway.getConnection());
            List<Results> results = transaction.execute(flyway);
            ended(start, transaction.tries(), transaction.longestTry());
            return results;
        }
        List<Results> results = new ConcurrentBuild(script, file, run, flyway.getConnection()).execute(flyway);
        ended(start, 1, Duration.ZERO);
        return results;
    }

    private void ended(long start, int tries, Duration longestTry) {
        String version =
                migration.getVersion() == null ? "" : migration.getVersion().toString();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        run.ended(new Applied(version, migration.getDescription(), file, took, tries, longestTry));
    }
}
