package io.pitstop.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.Bounds;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.DatabaseGateConfig;
import io.pitstop.config.DatabaseGateConfig.Figure;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A real database, with a clock that a test moves. */
class DatabaseGateTest {
    private final TestDatabase server = TestDatabase.create().execute("CREATE TABLE posts (id int)");
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void users_of_the_old_version_who_have_to_wait_are_a_no() throws Exception {
        Gate gate = gate(server.database(), Figure.WAITING, atMost(0));
        gate.begin();
        assertThat(gate.judge().answer()).isEqualTo(Verdict.Answer.HEALTHY);

        try (Connection holder = server.connect();
                Connection waiter = server.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("LOCK TABLE posts");
            Thread wait = new Thread(() -> read(waiter));
            wait.start();
            server.awaitQuery("SELECT count(*) FROM pg_locks WHERE NOT granted", "1");

            Verdict verdict = gate.judge();

            assertThat(verdict.answer()).isEqualTo(Verdict.Answer.UNHEALTHY);
            assertThat(verdict)
                    .hasToString("database waiting: 1 (limit at most 0, 1 samples, the database's statistics, now)");
            holder.rollback();
            wait.join();
        }
    }

    @Test
    void room_for_sessions_is_asked_for_by_a_least() {
        assertThat(gate(server.database(), Figure.SESSIONS_LEFT, atLeast(1))
                        .judge()
                        .answer())
                .isEqualTo(Verdict.Answer.HEALTHY);
        assertThat(gate(server.database(), Figure.SESSIONS_LEFT, atLeast(1_000))
                        .judge()
                        .answer())
                .isEqualTo(Verdict.Answer.UNHEALTHY);
    }

    @Test
    void its_session_ends_with_it() {
        Gate gate = gate(server.database(), Figure.WAITING, atMost(0));
        gate.judge();
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'pitstop:blog:metrics'";
        assertThat(server.query(sessions)).isEqualTo("1");

        gate.close();

        server.awaitQuery(sessions, "0");
    }

    @Test
    void what_nobody_can_tell_is_undecided_and_so_no_success() {
        Gate gate = gate(server.database(), Figure.STATEMENT_TIME, atMost(1));

        Verdict first = gate.judge();

        assertThat(first.answer()).isEqualTo(Verdict.Answer.UNDECIDED);
        assertThat(first.value()).isEqualTo("not known yet");
    }

    @Test
    void a_database_that_does_not_answer_may_be_away_for_half_a_minute() {
        DatabaseConfig nowhere = new DatabaseConfig(
                "jdbc:postgresql://127.0.0.1:1/none", Duration.ofMillis(200), Duration.ofSeconds(10), "{colour}");
        Gate gate = gate(Database.from(nowhere, "blog", server.environment()), Figure.WAITING, atMost(0));

        assertThat(gate.judge().answer()).isEqualTo(Verdict.Answer.UNDECIDED);
        now = now.plusSeconds(31);

        Verdict verdict = gate.judge();
        assertThat(verdict.answer()).isEqualTo(Verdict.Answer.UNHEALTHY);
        assertThat(verdict.value()).startsWith("no answer: ").doesNotContain("postgres/");
    }

    private Gate gate(Database database, Figure figure, Bounds bounds) {
        return new DatabaseGate(new DatabaseGateConfig(figure, bounds), database, new Vigil(() -> now));
    }

    private static Bounds atMost(double value) {
        return new Bounds(Optional.of(value), Optional.empty());
    }

    private static Bounds atLeast(double value) {
        return new Bounds(Optional.empty(), Optional.of(value));
    }

    private static void read(Connection session) {
        try {
            session.createStatement().executeQuery("SELECT * FROM posts");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
