package io.pitstop.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.PerColour;
import io.pitstop.traffic.Observation;
import io.pitstop.traffic.Routers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HAProxy as an administrator left it, before the first release. */
class HaproxyExaminationTest {
    private static final PerColour SERVERS = new PerColour("blue", "green");

    @TempDir
    private Path folder;

    private TestHaproxy haproxy;

    @AfterEach
    void stop() {
        if (haproxy != null) {
            haproxy.close();
        }
    }

    @Test
    void all_that_a_switch_needs_is_looked_at() {
        haproxy = new TestHaproxy(folder, "balance roundrobin");

        List<Observation> seen = observe(haproxy.socket().toString(), SERVERS, haproxy.stateFile());

        assertThat(seen)
                .allMatch(Observation::good)
                .extracting(Observation::what)
                .containsExactly("backend", "permission", "blue server", "green server", "state file");
        assertThat(seen.get(0).detail()).contains("serves blue 100 %, green 0 %");
        assertThat(haproxy.stateFile()).doesNotExist();
    }

    @Test
    void a_socket_that_takes_no_orders_is_found_out() {
        haproxy = new TestHaproxy(folder, "balance roundrobin");

        assertThat(bad(haproxy.operator(), SERVERS, haproxy.stateFile()))
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.what()).isEqualTo("permission");
                    assertThat(seen.detail()).contains("'operator'");
                });
    }

    @Test
    void servers_that_nobody_checks_are_found_out() {
        haproxy = new TestHaproxy(folder, "# unchecked\n  balance roundrobin");

        assertThat(bad(haproxy.socket().toString(), SERVERS, haproxy.stateFile()))
                .extracting(Observation::what)
                .containsExactly("blue server", "green server");
    }

    @Test
    void a_backup_gets_no_users_beside_the_other_colour() {
        haproxy = new TestHaproxy(folder, "balance roundrobin");
        haproxy.tell("set server blog/sorry weight 0");

        assertThat(bad(haproxy.socket().toString(), new PerColour("blue", "sorry"), haproxy.stateFile()))
                .singleElement()
                .extracting(Observation::hint)
                .isEqualTo("Take backup out of the line of server sorry.");
    }

    @Test
    void a_backend_without_a_server_of_one_colour_is_found_out() {
        haproxy = new TestHaproxy(folder, "balance roundrobin");

        assertThat(bad(haproxy.socket().toString(), new PerColour("blue", "none"), haproxy.stateFile()))
                .singleElement()
                .extracting(Observation::hint)
                .asString()
                .contains("traffic.haproxy.servers.green");
    }

    @Test
    void a_state_file_that_cannot_be_replaced_or_is_another_file_is_found_out() throws IOException {
        String nobody = folder.resolve("none.sock").toString();
        Path other = Files.writeString(folder.resolve("haproxy.cfg"), "global");

        assertThat(bad(nobody, SERVERS, folder.resolve("none/state")))
                .last()
                .satisfies(seen -> assertThat(seen.detail()).contains("cannot be replaced"));
        assertThat(bad(nobody, SERVERS, other)).last().satisfies(seen -> assertThat(seen.detail())
                .contains("does not hold"));
    }

    @Test
    void an_haproxy_that_does_not_answer_is_told_with_what_to_do() {
        assertThat(bad(folder.resolve("none.sock").toString(), SERVERS, folder.resolve("state")))
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.what()).isEqualTo("backend");
                    assertThat(seen.hint()).contains("whether it runs");
                });
    }

    private static List<Observation> bad(String socket, PerColour servers, Path stateFile) {
        return observe(socket, servers, stateFile).stream()
                .filter(seen -> !seen.good())
                .toList();
    }

    private static List<Observation> observe(String socket, PerColour servers, Path stateFile) {
        return Routers.observe(
                new HaproxyConfig(socket, "blog", servers, Optional.of(stateFile.toString()), Duration.ofSeconds(5)),
                null);
    }
}
