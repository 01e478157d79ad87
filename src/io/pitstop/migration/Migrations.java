package io.pitstop.migration;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.database.Database;
import io.pitstop.database.MigrationLock;
import io.pitstop.database.Pooling;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Meters;
import io.pitstop.release.Lease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.info.MigrationInfoImpl;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * The migrations of one phase: a folder of Flyway scripts with a history table.
 *
 * <p>They are applied one at a time, each in a transaction of its own that never makes the application wait longer than
 * {@code database.lockTimeout}; what cannot run in a transaction, such as a concurrent index build, leaves nothing
 * half-made behind.
 */
public final class Migrations {
    private final Phase phase;
    private final Path folder;
    private final Database database;
    private final Consumer<String> out;
    private final Meters meters;

    private Migrations(Phase phase, Path folder, Database database, Consumer<String> out, Meters meters) {
        this.phase = phase;
        this.folder = folder;
        this.database = database;
        this.out = out;
        this.meters = meters;
    }

    /**
     * What both versions can live with, added first.
     *
     * @param out gets lines for people
     */
    public static Migrations expand(Database database, MigrationsConfig config, Consumer<String> out) {
        return new Migrations(Phase.EXPAND, config.expand(), database, out, Meters.NONE);
    }

    /** What is cheaper to add after the backfill. */
    public static Migrations finish(Database database, MigrationsConfig config, Consumer<String> out) {
        return new Migrations(Phase.FINISH, config.finish(), database, out, Meters.NONE);
    }

    /** What no version needs any more, removed last. */
    public static Migrations contract(Database database, MigrationsConfig config, Consumer<String> out) {
        return new Migrations(Phase.CONTRACT, config.contract(), database, out, Meters.NONE);
    }

    /** The same, whose scripts and locks are figures for {@code other}. */
    public Migrations measuredBy(Meters other) {
        return new Migrations(phase, folder, database, out, other);
    }

    /**
     * Returns what {@link #migrate} would apply, in its order; nothing if the folder does not exist.
     *
     * @throws io.pitstop.error.InvalidConfig if the scripts cannot be read or two have the same version
     */
    public List<Pending> pending() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            return Arrays.stream(configuration("plan").load().info().pending())
                    .map(Migrations::pending)
                    .toList();
        } catch (FlywayException e) {
            throw FlywayFailure.of(e, phase, folder);
        }
    }

    /**
     * Returns what is applied, by Flyway's history, in its order; nothing if the folder does not exist.
     *
     * @throws io.pitstop.error.InvalidConfig if the scripts cannot be read or two have the same version
     */
    public List<Past> past() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            return Arrays.stream(configuration("plan").load().info().applied())
                    .filter(migration -> migration.getInstalledOn() != null
                            && !migration.getType().isBaseline())
                    .map(migration -> new Past(
                            phase.toString(),
                            migration.getScript(),
                            migration.getInstalledOn().toInstant(),
                            Duration.ofMillis(migration.getExecutionTime())))
                    .toList();
        } catch (FlywayException e) {
            throw FlywayFailure.of(e, phase, folder);
        }
    }

    /**
     * Applies what is pending and returns what this run applied; nothing the second time.
     *
     * @throws io.pitstop.error.InvalidConfig if a script is wrong, or was changed after it was applied
     * @throws io.pitstop.error.MoveRefused if other migrations of the application run now, behind a pooler in
     *     transaction mode, or if the application has to wait longer than {@code database.lockTimeout} for what a
     *     script does with its locks
     * @throws io.pitstop.error.DependencyFailed if a lock was not free within {@code database.lockWithin}, or the
     *     database failed; running again goes on with the script that was not applied
     */
    public List<Applied> migrate(Lease lease) {
        return migrate(lease, ScriptGuard.NONE);
    }

    /** Applies what is pending as {@link #migrate(Lease)} does, unless {@code guard} refuses a script. */
    public List<Applied> migrate(Lease lease, ScriptGuard guard) {
        if (!Files.isDirectory(folder)) {
            out.accept(phase + ": nothing to do, " + folder + " does not exist");
            return List.of();
        }
        try (Connection side = database.connect(lease.step());
                SpareSession watch = new SpareSession(database, lease.step())) {
            Pooling.refuse(database, side, lease.step());
            Settings.stayAwake(side);
            MigrationLock.take(side, lease.release().application());
            List<Applied> applied = apply(lease, new Run(this, lease, side, watch, guard));
            if (applied.isEmpty()) {
                out.accept(phase + ": nothing to do, all migrations in " + folder + " are applied");
            }
            return applied;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private List<Applied> apply(Lease lease, Run run) {
        try {
            configuration(lease.step())
                    .skipDefaultResolvers(true)
                    .resolvers(new LockSafeResolver(run))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            PitstopException failure = FlywayFailure.of(e, phase, folder);
            run.failed(failure);
            throw failure;
        } catch (PitstopException e) {
            run.failed(e);
            throw e;
        }
        return run.finish();
    }

    /** Makes scripts pending again whose effect was taken back. */
    public void forget(Lease lease, List<String> scripts) {
        try (Connection session = database.connect(lease.step())) {
            session.setAutoCommit(false);
            lease.ensureHeld(session);
            try (PreparedStatement delete =
                    session.prepareStatement("DELETE FROM " + phase.history() + " WHERE script = ANY (?)")) {
                delete.setArray(1, session.createArrayOf("text", scripts.toArray()));
                delete.executeUpdate();
            }
            session.commit();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    Phase phase() {
        return phase;
    }

    DatabaseConfig limits() {
        return database.config();
    }

    Consumer<String> out() {
        return out;
    }

    Meters meters() {
        return meters;
    }

    private FluentConfiguration configuration(String purpose) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(database.dataSource(purpose))
                .locations("filesystem:" + folder)
                .table(phase.history())
                .baselineOnMigrate(phase.beginsLate())
                .validateMigrationNaming(phase.beginsLate())
                .mixed(false)
                .group(false);
        if (phase.beginsLate()) {
            configuration.baselineVersion("0");
        }
        // Flyway's other lock is a transaction, and a concurrent index build would wait for its end for ever.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration;
    }

    private static Pending pending(MigrationInfo migration) {
        return new Pending(
                Optional.ofNullable(migration.getVersion())
                        .map(Object::toString)
                        .orElse(""),
                migration.getDescription(),
                Path.of(migration.getPhysicalLocation()),
                ((MigrationInfoImpl) migration)
                        .getResolvedMigration()
                        .getExecutor()
                        .canExecuteInTransaction());
    }
}
