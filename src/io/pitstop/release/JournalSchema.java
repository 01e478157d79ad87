package io.pitstop.release;

import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Schema {@code pitstop} of the application's database, kept by Flyway. */
final class JournalSchema {
    static final String NAME = "pitstop";
    private static final String HISTORY = "schema_history";
    private static final String VERSION = "1";

    private final Database database;

    JournalSchema(Database database) {
        this.database = database;
    }

    /** True if the tables that this version of Pitstop needs are there. */
    boolean exists(Connection connection) throws SQLException {
        // Asked before Flyway is: loading Flyway costs every command more than the question does.
        try (Statement statement = connection.createStatement()) {
            if (!isTrue(statement, "SELECT to_regclass('" + NAME + "." + HISTORY + "') IS NOT NULL")) {
                return false;
            }
            return isTrue(
                    statement,
                    "SELECT EXISTS (SELECT FROM " + NAME + "." + HISTORY + " WHERE success AND version = '" + VERSION
                            + "')");
        }
    }

    /** Creates or upgrades the tables; two agents may do so at once. */
    void migrate() {
        try {
            var configuration = Flyway.configure()
                    .dataSource(database.dataSource("journal"))
                    .locations("classpath:pitstop/journal")
                    .schemas(NAME)
                    .defaultSchema(NAME)
                    .table(HISTORY);
            configuration
                    .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                    .setTransactionalLock(false);
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw new DependencyFailed(
                    "The journal in schema " + NAME + " cannot be made: " + e.getMessage(),
                    "Give PITSTOP_DB_USER the right to create schema " + NAME + ", then run the step again.",
                    e);
        }
    }

    private static boolean isTrue(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
