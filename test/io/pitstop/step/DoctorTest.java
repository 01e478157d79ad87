package io.pitstop.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.jtf.Backend;
import io.pitstop.release.ColourSessions;
import io.pitstop.traffic.Observation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blog 1 is live on blue, with one session of its pool. */
class DoctorTest {
    private final Situation at = new Situation();
    private final List<Connection> pool = new ArrayList<>();
    private Optional<Backend> backend = Optional.of(new Backend("s3", true));
    private Optional<Integer> poolSize = Optional.empty();
    private List<Observation> observations = List.of();

    @AfterEach
    void stop() throws SQLException {
        for (Connection session : pool) {
            session.close();
        }
    }

    @Test
    void nothing_has_to_be_mended_where_all_is_well() throws SQLException {
        open("blog-blue");

        assertThat(doctor().examine())
                .allMatch(Doctor.Finding::healthy)
                .extracting(Doctor.Finding::what)
                .contains("terraform", "router", "blue", "green", "database", "connections", "state");
    }

    @Test
    void pools_that_would_not_fit_when_both_are_full_are_found_before_the_switch() throws SQLException {
        open("blog-blue");
        poolSize = Optional.of(10_000);

        assertThat(bad()).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("connections");
            assertThat(finding.detail()).contains("2 colours of 1 targets with 10000 each");
        });
    }

    @Test
    void a_state_that_two_builds_could_destroy_is_named() throws SQLException {
        open("blog-blue");
        backend = Optional.of(new Backend("s3", false));

        assertThat(bad()).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("state");
            assertThat(finding.hint()).contains("use_lockfile");
        });
    }

    @Test
    void what_was_seen_of_the_router_is_told_as_it_was_seen() throws SQLException {
        open("blog-blue");
        observations = List.of(new Observation("permission", false, "AccessDenied", "Allow it."));

        assertThat(bad()).containsExactly(new Doctor.Finding("permission", false, "AccessDenied", "Allow it."));
    }

    @Test
    void a_pool_without_the_name_of_its_colour_is_found() {
        assertThat(bad()).extracting(Doctor.Finding::what).containsExactly("sessions");
    }

    @Test
    void a_router_that_does_not_answer_hides_nothing_else() throws SQLException {
        open("blog-blue");
        at.router.isDown = true;

        assertThat(bad()).extracting(Doctor.Finding::what).contains("router").doesNotContain("terraform", "database");
    }

    private List<Doctor.Finding> bad() {
        return doctor().examine().stream().filter(finding -> !finding.healthy()).toList();
    }

    private Doctor doctor() {
        ColourSessions sessions = new ColourSessions(at.server.database(), "blog");
        return new Doctor(
                () -> "1.11.4",
                at.server.database(),
                sessions,
                at.router,
                at.readiness,
                () -> observations,
                at.environments,
                () -> backend,
                new ConnectionBudget(at.server.database(), sessions, at.router, poolSize),
                List.of());
    }

    private void open(String name) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("user", "postgres");
        settings.setProperty("password", "postgres");
        settings.setProperty("ApplicationName", name);
        pool.add(DriverManager.getConnection(at.server.url(), settings));
    }
}
