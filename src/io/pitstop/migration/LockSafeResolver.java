package io.pitstop.migration;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resolver.sql.SqlMigrationResolver;

/**
 * Finds the scripts as Flyway does, and wraps each so that it runs lock-safely.
 *
 * <p>A retry around the whole of Flyway would open sessions and read all scripts anew for each of many tries (50 ms a
 * try, measured); around the script alone it costs the statement. Flyway has no hook for that but this one.
 */
final class LockSafeResolver implements MigrationResolver {
    private final Run run;

    LockSafeResolver(Run run) {
        this.run = run;
    }

    @Override
    public Collection<ResolvedMigration> resolveMigrations(Context flyway) {
        List<ResolvedMigration> found = new ArrayList<>(new SqlMigrationResolver(
                        flyway.resourceProvider,
                        flyway.sqlScriptExecutorFactory,
                        flyway.sqlScriptFactory,
                        flyway.configuration,
                        placeholders(flyway.configuration))
                .resolveMigrations(flyway));
        for (MigrationResolver other :
                flyway.configuration.getPluginRegister().getInstancesOf(MigrationResolver.class)) {
            found.addAll(other.resolveMigrations(flyway));
        }
        return found.stream().map(this::guarded).toList();
    }

    private ResolvedMigration guarded(ResolvedMigration migration) {
        Path file = Path.of(migration.getPhysicalLocation());
        return new GuardedMigration(migration, new LockSafe(migration, file, run));
    }

    /** What Flyway fills in for itself; the checksums of repeatable migrations depend on it. */
    private ParsingContext placeholders(Configuration configuration) {
        ParsingContext context = new ParsingContext();
        String separator = "flyway" + configuration.getPlaceholderSeparator();
        try (Statement statement = run.side().createStatement();
                ResultSet row = statement.executeQuery("SELECT current_schema(), current_database(), current_user")) {
            row.next();
            context.getPlaceholders()
                    .putAll(Map.of(
                            separator + "defaultSchema", String.valueOf(row.getString(1)),
                            separator + "database", row.getString(2),
                            separator + "user", row.getString(3),
                            separator + "table", configuration.getTable(),
                            separator + "environment", configuration.getCurrentEnvironmentName()));
        } catch (SQLException e) {
            throw new FlywayException("The database does not say who we are.", e);
        }
        return context;
    }
}
