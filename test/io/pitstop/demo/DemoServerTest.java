package io.pitstop.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.demo.blog.Seed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server for many stages, sown with fifty posts. */
class DemoServerTest {
    @TempDir
    private Path folder;

    @Test
    void each_stage_has_posts_of_its_own_and_a_crash_costs_none_of_them() throws SQLException {
        try (DemoServer server =
                DemoServer.start(folder.resolve("data"), Path.of("target/postgres"), new Seed(50, 5))) {
            DemoDatabase one = server.next();
            DemoDatabase other = server.next();
            try (Connection session = connect(one);
                    Statement statement = session.createStatement()) {
                statement.execute("DELETE FROM posts WHERE id <= 20");

                server.crash();

                assertThat(session.isValid(1)).isFalse();
            }
            assertThat(posts(one)).isEqualTo(30);
            assertThat(posts(other)).isEqualTo(50);
            one.close();
            assertThat(posts(other)).isEqualTo(50);
        }
    }

    @Test
    void a_replica_that_takes_its_place_has_what_was_committed_and_takes_writes_at_the_same_address()
            throws SQLException {
        try (DemoServer server =
                DemoServer.start(folder.resolve("data"), Path.of("target/postgres"), new Seed(50, 5))) {
            DemoDatabase stage = server.next();
            server.replicate();
            delete(stage, 20);

            server.promoteReplica();

            assertThat(posts(stage)).isEqualTo(30);
            delete(stage, 25);
            assertThat(posts(stage)).isEqualTo(25);
            server.replicate(); // as if nothing had been
            server.removeReplica();
            delete(stage, 26);
            assertThat(posts(stage)).isEqualTo(24);
            assertThat(folder).isDirectoryNotContaining("glob:**{replica,dead}");
        }
    }

    /** It keeps 5,000 of them, and forgets one for each that is more: contract would have no evidence after some releases. */
    @Test
    void what_a_stage_has_asked_is_forgotten_with_it() throws SQLException {
        try (DemoServer server =
                DemoServer.start(folder.resolve("data"), Path.of("target/postgres"), new Seed(50, 5))) {
            DemoDatabase one = server.next();
            DemoDatabase other = server.next();
            delete(one, 20);
            delete(other, 20);

            one.close();

            assertThat(number(other, "SELECT count(*) FROM pg_stat_statements WHERE query LIKE 'DELETE FROM posts%'"))
                    .isEqualTo(1);
        }
    }

    private static void delete(DemoDatabase database, int upTo) throws SQLException {
        try (Connection session = connect(database);
                Statement statement = session.createStatement()) {
            statement.execute("DELETE FROM posts WHERE id <= " + upTo);
        }
    }

    private static int posts(DemoDatabase database) throws SQLException {
        return number(database, "SELECT count(*) FROM posts");
    }

    private static int number(DemoDatabase database, String sql) throws SQLException {
        try (Connection session = connect(database);
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection connect(DemoDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
