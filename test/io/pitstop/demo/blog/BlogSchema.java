package io.pitstop.demo.blog;

import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** The schema of the demo in a test's database, brought forward phase by phase with the demo's own files. */
public final class BlogSchema {
    private static final Path FILES = Path.of("resources", "demo", "db");

    private final TestDatabase database;

    public BlogSchema(TestDatabase database) {
        this.database = database;
    }

    public BlogSchema version1() {
        flyway("migration", "flyway_schema_history").target("1").load().migrate();
        return this;
    }

    public BlogSchema seed(Seed seed) {
        database.execute("INSERT INTO posts (id, title, content, author_name, author_email) OVERRIDING SYSTEM VALUE "
                + seed.query());
        database.execute("SELECT setval(pg_get_serial_sequence('posts', 'id'), " + Math.max(1, seed.posts()) + ")");
        return this;
    }

    public BlogSchema expand() {
        flyway("migration", "flyway_schema_history").load().migrate();
        return this;
    }

    public BlogSchema backfill() {
        try (Connection connection = database.connect()) {
            backfill(connection, 1, Long.MAX_VALUE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Both passes over a span of ids, each a transaction, as the backfill of a release runs them. */
    static void backfill(Connection connection, long from, long to) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET pitstop.backfill = 'on'");
            for (String pass : new String[] {"B2.1__authors.sql", "B2.2__posts_author_id.sql"}) {
                String sql = read("backfill", pass).replace(":from", "" + from).replace(":to", "" + to);
                statement.execute(sql);
            }
        }
    }

    public BlogSchema finish() {
        flyway("finish", "flyway_finish").load().migrate();
        return this;
    }

    public BlogSchema contract() {
        flyway("contract", "flyway_contract").load().migrate();
        return this;
    }

    static String read(String folder, String file) {
        try {
            return Files.readString(FILES.resolve(folder).resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FluentConfiguration flyway(String folder, String history) {
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(database.database().dataSource("test"))
                .locations("filesystem:" + FILES.resolve(folder))
                .table(history)
                .baselineOnMigrate(!folder.equals("migration"))
                .baselineVersion("0");
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
        return flyway;
    }
}
