package io.pitstop.traffic.haproxy;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.PerColour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All traffic has moved to green, but cookies of a real HAProxy lead users back to blue. */
class HaproxyCookieTest {
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
    void a_colour_to_which_a_cookie_leads_is_not_drained_before_it_is_in_maintenance() {
        TrafficRouter router = allOnGreen("cookie SERVER insert");

        Drained drained = router.drained(BLUE, Instant.now());
        assertThat(drained.done()).isFalse();
        assertThat(drained.evidence()).contains("cookie b");

        haproxy.tell("set server blog/blue state maint");
        assertThat(router.drained(BLUE, Instant.now()).done()).isTrue();
    }

    @Test
    void users_whom_a_cookie_keeps_are_told_until_the_server_is_in_maintenance() {
        TrafficRouter router = allOnGreen("cookie SERVER insert");

        assertThat(router.kept(BLUE))
                .contains("users with cookie b stay on blue until the state of server blue is set to maint");

        haproxy.tell("set server blog/blue state maint");
        assertThat(router.kept(BLUE)).isEmpty();
    }

    @Test
    void without_cookies_nobody_is_kept() {
        assertThat(allOnGreen("balance roundrobin").kept(BLUE)).isEmpty();
    }

    private TrafficRouter allOnGreen(String backend) {
        haproxy = new TestHaproxy(folder, backend);
        TrafficRouter router = new HaproxyRouter(new HaproxyConfig(
                haproxy.socket().toString(),
                "blog",
                new PerColour("blue", "green"),
                Optional.empty(),
                Duration.ofSeconds(5)));
        router.shift(Split.allTo(GREEN));
        return router;
    }
}
