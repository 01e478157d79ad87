package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    @Test
    void an_unreachable_server_is_an_outside_failure() {
        assertThatThrownBy(() -> at("jdbc:postgresql://127.0.0.1:1/blog").connect("test"))
                .isInstanceOf(DependencyFailed.class);
    }

    @Test
    void a_full_disk_is_told_as_one() {
        SQLException full = new SQLException("could not extend file: No space left on device", "53100");

        assertThat(Database.failure(full))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("disk of the database server is full")
                .hasMessageContaining("No space left on device")
                .extracting(PitstopException::hint)
                .asString()
                .startsWith("Make room");
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
