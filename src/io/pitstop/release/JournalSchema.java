package io.pitstop.release;

import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Schema {@code pitstop} of the application's database, kept by Flyway. */
final class JournalSchema {
    static final String NAME = "pitstop";
    private static final String HISTORY = "schema_history";
    private static final int VERSION = 6;

    /** By another agent at the same moment: a name that exists, or an entry of the catalog. */
    private static final Set<String> MADE_MEANWHILE = Set.of("42P06", "42P07", "23505");

    private final Database database;

    JournalSchema(Database database) {
        this.database = database;
    }

    /** What is there, compared with what this version of Pitstop needs. */
    enum State {
        ABSENT,
        /** An older Pitstop made it: what it has can be read, and {@link #migrate} adds what is missing. */
        OLDER,
        CURRENT
    }

    /** @throws InvalidConfig if a newer Pitstop made it, whose rules this one would break */
    State state(Connection connection) throws SQLException {
        // Asked before Flyway is: loading Flyway costs every command more than the question does.
        try (Statement statement = connection.createStatement()) {
            if (number(statement, "SELECT (to_regclass('" + NAME + "." + HISTORY + "') IS NOT NULL)::int") == 0) {
                return State.ABSENT;
            }
            int version = number(
                    statement,
                    "SELECT coalesce(max(version::int), 0) FROM " + NAME + "." + HISTORY
                            + " WHERE success AND version IS NOT NULL");
            if (version > VERSION) {
                throw new InvalidConfig(
                        "The journal in schema " + NAME + " has version " + version
                                + ", because a newer Pitstop has worked on it; this one knows version " + VERSION + ".",
                        "Update the agent on this node to the version that the others have.");
            }
            return version == 0 ? State.ABSENT : version < VERSION ? State.OLDER : State.CURRENT;
        }
    }

    /** Creates or upgrades the tables; two agents may do so at once. */
    void migrate() {
        tryOut();
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
            throw failure(e);
        }
    }

    /** What has no room or no right, Flyway would try again for more than a minute and a half without a word. */
    private void tryOut() {
        try (Connection connection = database.connect("journal");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // One that is there may be used by who may not make it.
            if (number(statement, "SELECT (to_regnamespace('" + NAME + "') IS NULL)::int") == 1) {
                statement.execute("CREATE SCHEMA " + NAME);
            }
            statement.execute("CREATE TABLE " + NAME + ".trial (id int)");
            connection.rollback();
        } catch (SQLException e) {
            if (!MADE_MEANWHILE.contains(String.valueOf(e.getSQLState()))) {
                throw failure(e);
            }
        }
    }

    private static PitstopException failure(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException said && Database.isOutside(said)) {
                return Database.failure(said);
            }
        }
        return new DependencyFailed(
                "The journal in schema " + NAME + " cannot be made: " + e.getMessage(),
                "Give PITSTOP_DB_USER the right to create schema " + NAME + ", then run the step again.",
                e);
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
