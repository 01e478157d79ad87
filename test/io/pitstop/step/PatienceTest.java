package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.ShiftConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.gate.BakeResult;
import io.pitstop.step.shift.Patience;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All users have moved to green, and while the split bakes the router leaves some questions without an answer. */
class PatienceTest {
    private static final ShiftConfig AT_ONCE =
            new ShiftConfig(ShiftConfig.Plan.ALL_AT_ONCE, List.of(100), Duration.ofSeconds(1));

    private final Situation at = new Situation();
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void a_release_that_is_ready() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
    }

    @Test
    void a_look_without_an_answer_sends_nobody_back_and_is_told() {
        bake(look -> {
            at.router.misses = Patience.MISSES - 1;
            looks(look, Patience.MISSES);
        });

        assertThat(at.router.split()).isEqualTo(Split.allTo(GREEN));
        assertThat(at.facts()).contains(SWITCHED);
        assertThat(said)
                .contains("no answer of the router (1 of 3 looks in a row): The router does not answer.")
                .contains("no answer of the router (2 of 3 looks in a row): The router does not answer.");
    }

    @Test
    void looks_without_an_answer_are_counted_in_a_row() {
        bake(look -> {
            for (int i = 0; i < Patience.MISSES; i++) {
                at.router.misses = 1;
                looks(look, 2);
            }
        });

        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void a_router_that_stays_silent_ends_the_bake_and_users_go_back() {
        assertThatThrownBy(() -> bake(look -> {
                    at.router.misses = Patience.MISSES;
                    looks(look, Patience.MISSES);
                }))
                .isInstanceOf(DependencyFailed.class);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_bake_that_ends_with_a_look_without_an_answer_is_looked_at_once_more() {
        assertThatThrownBy(() -> bake(look -> {
                    at.router.misses = 1;
                    looks(look, 1);
                    at.router.shift(Split.giving(GREEN, 40));
                }))
                .hasMessageContaining("somebody else moved the split");

        assertThat(at.facts()).doesNotContain(SWITCHED);
    }

    private static void looks(Runnable look, int times) {
        for (int i = 0; i < times; i++) {
            look.run();
        }
    }

    private void bake(Consumer<Runnable> bake) {
        SwitchTraffic.Watch watch = (url, colour, stretch, look) -> {
            bake.accept(look);
            return new BakeResult(true, List.of(), List.of());
        };
        new SwitchTraffic(
                        at.journal,
                        at.router,
                        at.readiness,
                        at.environments,
                        watch,
                        at.approvals(Path.of("none")),
                        at.switchNotes(Path.of("none")),
                        said::add)
                .run(NONE, AT_ONCE, Visit.untilDone());
    }
}
