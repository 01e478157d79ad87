package io.pitstop.traffic;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.ShiftConfig;
import io.pitstop.config.ShiftConfig.Plan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShiftPlanTest {
    private final ShiftPlan canary = new ShiftPlan(List.of(5, 25, 50, 100));

    @Test
    void all_steps_are_to_come_while_the_candidate_has_nothing() {
        assertThat(canary.remaining(Split.allTo(BLUE), GREEN))
                .containsExactly(new Split(95), new Split(75), new Split(50), new Split(0));
    }

    @Test
    void a_shift_that_was_cut_short_goes_on_after_the_split_that_holds() {
        assertThat(canary.remaining(new Split(75), GREEN)).containsExactly(new Split(50), new Split(0));
        assertThat(canary.remaining(new Split(60), GREEN)).containsExactly(new Split(50), new Split(0));
    }

    @Test
    void nothing_is_to_come_once_the_candidate_has_everything() {
        assertThat(canary.remaining(Split.allTo(GREEN), GREEN)).isEmpty();
    }

    @Test
    void blue_is_the_candidate_of_every_other_release() {
        assertThat(canary.remaining(Split.allTo(GREEN), BLUE))
                .containsExactly(new Split(5), new Split(25), new Split(50), new Split(100));
    }

    @Test
    void all_at_once_is_one_step_from_wherever_the_split_is() {
        ShiftPlan plan = ShiftPlan.of(
                new ShiftConfig(Plan.ALL_AT_ONCE, ShiftConfig.defaultSteps(Plan.ALL_AT_ONCE), Duration.ZERO));

        assertThat(plan.remaining(new Split(40), GREEN)).containsExactly(Split.allTo(GREEN));
    }

    @Test
    void a_plan_that_does_not_rise_to_everything_is_none() {
        assertThatThrownBy(() -> new ShiftPlan(List.of(5, 50))).isInstanceOf(IllegalArgumentException.class);
    }
}
