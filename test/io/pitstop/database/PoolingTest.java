package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database behind a real PgBouncer. */
class PoolingTest {
    private final TestDatabase server = TestDatabase.create();

    @TempDir
    private Path folder;

    @Test
    void a_pooler_in_transaction_mode_is_refused() throws SQLException {
        try (TestPgBouncer bouncer = TestPgBouncer.start(folder, server, "transaction")) {
            Database database = behind(bouncer);
            try (Connection session = database.connect("migrate-expand")) {
                assertThatThrownBy(() -> Pooling.refuse(database, session, "migrate-expand"))
                        .isInstanceOf(MoveRefused.class)
                        .hasMessageContaining("pooler in transaction mode");
            }
        }
    }

    @Test
    void a_pooler_in_session_mode_passes() throws SQLException {
        try (TestPgBouncer bouncer = TestPgBouncer.start(folder, server, "session")) {
            Database database = behind(bouncer);
            try (Connection session = database.connect("migrate-expand")) {
                Pooling.refuse(database, session, "migrate-expand");
                assertThat(session.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void the_server_itself_passes() throws SQLException {
        try (Connection session = server.connect()) {
            Pooling.refuse(server.database(), session, "migrate-expand");
            assertThat(session.isValid(1)).isTrue();
        }
    }

    private Database behind(TestPgBouncer bouncer) {
        DatabaseConfig config = new DatabaseConfig(
                bouncer.url(), Duration.ofMillis(200), Duration.ofSeconds(10), "{application}-{colour}");
        return Database.from(config, "blog", server.environment());
    }
}
