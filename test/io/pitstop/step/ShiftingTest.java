package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.ShiftConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people read of a switch that fails on its way. */
class ShiftingTest {
    private static final ShiftConfig CANARY =
            new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 100), Duration.ofSeconds(1));

    private final Situation at = new Situation();
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void a_release_that_is_ready() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
    }

    @Test
    void users_who_are_put_back_are_told() {
        fail();

        assertThat(lines).last().isEqualTo("users are back on blue: blue 100 %, green 0 %.");
    }

    @Test
    void users_whom_a_cookie_keeps_are_named_where_the_others_are_put_back() {
        at.router.cookies = Optional.of("users with a cookie");

        fail();

        assertThat(lines)
                .last()
                .isEqualTo("users are back on blue: blue 100 %, green 0 %. But users with a cookie stay on green.");
    }

    private void fail() {
        SwitchTraffic.Watch failing = (url, colour, stretch, look) -> {
            throw new DependencyFailed("The network is away.", "Run the step again.");
        };
        assertThatThrownBy(() -> new SwitchTraffic(
                                at.journal,
                                at.router,
                                at.readiness,
                                at.environments,
                                failing,
                                at.approvals(Path.of("none")),
                                at.switchNotes(Path.of("none")),
                                lines::add)
                        .run(NONE, CANARY, Visit.untilDone()))
                .isInstanceOf(DependencyFailed.class);
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }
}
