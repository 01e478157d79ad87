package io.pitstop.check.rule;

import io.pitstop.check.Repository;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** The tables of a blog, on which planted migrations are run as they are, and a role that the application has. */
final class PlantedWorld {
    static final String APPLICATION = "planted_app";

    private static final Path FILE = Path.of("test/io/pitstop/check/rule/planted-world.sql");

    private final TestDatabase server;
    private Repository repository;

    private PlantedWorld(TestDatabase server) {
        this.server = server;
    }

    /** 2,000 posts. */
    static PlantedWorld small() {
        return new PlantedWorld(TestDatabase.copyOf(Templates.SMALL));
    }

    /** 200,000 posts. */
    static PlantedWorld large() {
        return new PlantedWorld(TestDatabase.copyOf(Templates.LARGE));
    }

    TestDatabase server() {
        return server;
    }

    /** Writes the scripts and runs those of version 1. */
    void prepare(Path folder, String text) throws IOException {
        repository = new Repository(folder, text);
        for (Path script : repository.scripts()) {
            if (isBefore(script)) {
                server.execute(Files.readString(script));
            }
        }
        server.execute(
                "GRANT USAGE ON SCHEMA legacy TO " + APPLICATION,
                "GRANT ALL ON ALL TABLES IN SCHEMA public, legacy TO " + APPLICATION);
    }

    /** The scripts after version 1, in the order in which they run. */
    List<Path> scripts(Path folder) {
        return repository.scripts().stream().filter(script -> !isBefore(script)).toList();
    }

    /** Runs the scripts, each in a transaction if it can run in one. */
    void run(Path folder, Connection migration) throws SQLException, IOException {
        for (Path script : scripts(folder)) {
            run(script, migration, isWithoutTransaction(script));
        }
    }

    void run(Path script, Connection migration, boolean withoutTransaction) throws SQLException, IOException {
        String sql = Files.readString(script).replaceAll(":from\\b", "1").replaceAll(":to\\b", "100");
        migration.setAutoCommit(withoutTransaction);
        try (Statement statement = migration.createStatement()) {
            statement.execute(sql);
        }
        if (!withoutTransaction) {
            migration.commit();
        }
    }

    boolean isWithoutTransaction(Path script) throws IOException {
        return Files.readString(script).contains("CONCURRENTLY");
    }

    /** Runs what is in db/migration with Flyway alone, and then two batches of each backfill. */
    void runWithFlyway(Path folder) throws SQLException, IOException {
        var configuration = Flyway.configure()
                .dataSource(server.database().dataSource("flyway"))
                .locations("filesystem:" + folder.resolve("db/migration"))
                .baselineOnMigrate(true)
                .failOnMissingLocations(false)
                .baselineVersion("1");
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        configuration.load().migrate();
        try (Connection backfill = server.connect()) {
            for (Path script : scripts(folder)) {
                if (script.getFileName().toString().startsWith("B")) {
                    run(script, backfill, false);
                    run(script, backfill, false);
                }
            }
        }
    }

    /** What the application gets, or why it gets nothing; leaves no trace. */
    String answer(String sql) throws SQLException {
        try (Connection application = server.connect()) {
            application.setAutoCommit(false);
            try (Statement statement = application.createStatement()) {
                statement.execute("SET ROLE " + APPLICATION);
                try (ResultSet rows = statement.executeQuery(sql)) {
                    StringBuilder answer = new StringBuilder();
                    while (rows.next()) {
                        answer.append(rows.getString(1)).append('\n');
                    }
                    return answer.toString();
                }
            } catch (SQLException e) {
                return Database.message(e);
            } finally {
                application.rollback();
            }
        }
    }

    private static boolean isBefore(Path script) {
        return script.getFileName().toString().startsWith("V1__");
    }

    /** Filled once. */
    private static final class Templates {
        static final TestDatabase SMALL = filled(2_000);
        static final TestDatabase LARGE = filled(200_000);

        private static TestDatabase filled(int rows) {
            try {
                return TestDatabase.create().execute(Files.readString(FILE).replace(":rows", "" + rows));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
