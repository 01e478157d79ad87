package io.pitstop.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.report.story.Story;
import org.junit.jupiter.api.Test;

class HeadlineTest {
    private final Told told = new Told();

    @Test
    void a_release_whose_users_moved_is_good_though_contract_is_to_come() {
        told.fact(50, "switched");

        assertThat(headline())
                .isEqualTo(new Headline("good", "✓ Switched: all users are on green. Contract is yet to come."));
    }

    @Test
    void a_release_that_was_rolled_back_says_where_users_are() {
        told.event(10, "switch-traffic", "rolling back", "{}")
                .event(20, "switch-traffic", "rolled back", "{}")
                .fact(20, "rolled back");

        assertThat(headline()).isEqualTo(new Headline("bad", "↩ Rolled back: users are on blue."));
    }

    @Test
    void a_step_that_failed_last_comes_first() {
        told.fact(5, "rolled back")
                .event(10, "switch-traffic", "switching", "{}")
                .event(20, "switch-traffic", "gate failed", "{}");

        assertThat(headline()).isEqualTo(new Headline("bad", "✗ Failed at switch-traffic."));
    }

    @Test
    void a_step_that_was_killed_is_to_be_run_again() {
        told.event(10, "backfill", "backfilling", "{}");

        assertThat(headline().words()).isEqualTo("? backfill ended without an outcome: run it again.");
    }

    @Test
    void a_step_that_runs_is_named() {
        told.event(10, "backfill", "backfilling", "{}").running("backfill");

        assertThat(headline()).isEqualTo(new Headline("open", "… Under way: backfill is running."));
    }

    private Headline headline() {
        return Headline.of(Story.of(told.account()));
    }
}
