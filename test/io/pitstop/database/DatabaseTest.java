package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A real PostgreSQL; the application is named blog. */
class DatabaseTest {
    private final TestDatabase server = TestDatabase.create();

    @Test
    void sessions_are_counted_by_their_name() throws SQLException {
        String blue = server.url() + "?user=postgres&password=postgres&ApplicationName=blog-blue";
        try (Connection pooled = DriverManager.getConnection(blue)) {
            assertThat(pooled.isValid(1)).isTrue();
            assertThat(server.database().countSessions("blog-blue")).isEqualTo(1);
            assertThat(server.database().countSessions("blog-green")).isZero();
        }
    }

    /** As the kernel of this machine sees it: what it does next for the session's socket, and when, in 1/100 s. */
    @Test
    void a_session_asks_within_half_a_minute_whether_the_server_is_still_there() throws Exception {
        Path sockets = Path.of("/proc/net/tcp");
        assumeTrue(Files.isReadable(sockets), "only Linux shows the timers of sockets in /proc/net/tcp");
        try (Connection session = server.connect();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_hex(inet_client_port())")) {
            row.next();
            String port = (":000" + row.getString(1))
                    .replaceFirst(":0*(....)$", ":$1")
                    .toUpperCase(Locale.ROOT);
            String timer = Stream.of(sockets, Path.of("/proc/net/tcp6"))
                    .flatMap(DatabaseTest::lines)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(field -> field[1].endsWith(port))
                    .map(field -> field[5])
                    .findFirst()
                    .orElseThrow();

            assertThat(timer).startsWith("02:");
            assertThat(Integer.parseInt(timer.substring(3), 16)).isLessThanOrEqualTo(3_100);
        }
    }

    @Test
    void a_limited_session_does_not_wait_for_a_server_that_has_stopped_to_answer() throws SQLException {
        try (Connection session = server.connect();
                Statement statement = session.createStatement()) {
            Database.limit(session, Duration.ofMillis(200));
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                    .as("the server ends it")
                    .hasMessageContaining("statement timeout");

            statement.execute("SET statement_timeout = 0"); // a server that forgets to
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                    .isInstanceOfSatisfying(SQLException.class, failure -> assertThat(failure.getSQLState())
                            .startsWith("08"));
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().skip(1);
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    @Test
    void an_unreachable_server_is_an_outside_failure() {
        assertThatThrownBy(() -> at("jdbc:postgresql://127.0.0.1:1/blog").connect("test"))
                .isInstanceOf(DependencyFailed.class);
    }

    @Test
    void a_database_that_does_not_exist_is_a_configuration_error() {
        assertThatThrownBy(() -> at(server.url() + "x").connect("test")).isInstanceOf(InvalidConfig.class);
    }

    @Test
    void a_missing_user_names_the_variable_to_set() {
        assertThatThrownBy(() -> Database.from(server.database().config(), "blog", Map.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("PITSTOP_DB_USER");
    }

    @Test
    void a_login_that_the_server_refuses_is_asked_for_again_since_passwords_are_rotated() throws SQLException {
        Login before = new Login("rotated_away", "old");
        Login now = new Login("postgres", "postgres");
        List<Optional<Login>> asked = new ArrayList<>();
        Database database = new Database(server.database().config(), "blog", refused -> {
            asked.add(refused);
            return refused.isEmpty() ? before : now;
        });

        try (Connection session = database.connect("test")) {
            assertThat(session.isValid(1)).isTrue();
        }
        assertThat(asked).containsExactly(Optional.empty(), Optional.of(before));
    }

    @Test
    void a_login_that_is_refused_and_the_only_one_is_a_configuration_error() {
        Login only = new Login("nobody_there", "geheim");
        List<Optional<Login>> asked = new ArrayList<>();
        Database database = new Database(server.database().config(), "blog", refused -> {
            asked.add(refused);
            return only;
        });

        assertThatThrownBy(() -> database.connect("test"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageNotContaining("geheim");
        assertThat(asked).hasSize(2);
        assertThat(only.toString()).isEqualTo("nobody_there");
    }

    private Database at(String url) {
        DatabaseConfig config = new DatabaseConfig(url, Duration.ofMillis(200), Duration.ofSeconds(1), "{colour}");
        return Database.from(config, "blog", server.environment());
    }
}
