package io.pitstop.report.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.report.Told;
import io.pitstop.report.story.Stint.Ending;
import io.pitstop.step.Setback;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StoryTest {
    private static final String FAILED =
            "{\"of\": \"deploy-green\", \"problem\": \"Terraform failed.\", \"hint\": \"Log in and run it again.\"}";

    private final Told told = new Told();

    @Test
    void a_run_lasts_from_its_intent_to_its_outcome() {
        told.event(10, "backfill", "backfilling", "{}")
                .event(20, "backfill", "backfill begun", "{\"file\": \"B1.sql\", \"remaining\": 2000}")
                .event(30, "backfill", "backfilled", "{}");

        assertThat(story().stints()).containsExactly(new Stint("backfill", at(10), at(30), Ending.DONE));
    }

    @Test
    void a_run_without_outcome_was_cut_short_unless_somebody_is_at_it() {
        told.event(10, "backfill", "backfilling", "{}").event(20, "deploy-green", "deploying", "{}");
        told.running("deploy-green");

        assertThat(story().stints())
                .containsExactly(
                        new Stint("backfill", at(10), at(10), Ending.CUT_SHORT),
                        new Stint("deploy-green", at(20), at(600), Ending.RUNNING));
    }

    @Test
    void a_rollback_ends_the_switch_though_both_work_under_one_lease() {
        told.event(10, "switch-traffic", "switching", "{}")
                .event(20, "switch-traffic", "rolling back", "{}")
                .event(30, "switch-traffic", "rolled back", "{}");

        assertThat(story().stints())
                .containsExactly(
                        new Stint("switch-traffic", at(10), at(10), Ending.CUT_SHORT),
                        new Stint("rollback", at(20), at(30), Ending.DONE));
    }

    @Test
    void users_that_go_back_after_a_gate_failed_are_part_of_the_same_failure() {
        told.event(10, "switch-traffic", "switching", "{}")
                .event(20, "switch-traffic", "gate failed", "{}")
                .event(21, "switch-traffic", "split put back", "{}");

        assertThat(story().stints()).containsExactly(new Stint("switch-traffic", at(10), at(21), Ending.FAILED));
        assertThat(story().shares()).containsExactly(new Share(at(21), 0, "split put back"));
    }

    @Test
    void a_run_that_failed_says_why_though_it_had_not_come_to_its_intent() {
        told.event(10, "deploy-green", "failed", FAILED);

        assertThat(story().stints()).containsExactly(new Stint("deploy-green", at(10), at(10), Ending.FAILED));
        assertThat(story().setback("deploy-green"))
                .contains(new Setback(
                        "deploy-green", at(10), Setback.Kind.FAILED, "Terraform failed.", "Log in and run it again."));
        assertThat(story().setback()).isEqualTo(story().setback("deploy-green"));
        assertThat(story().marks()).containsExactly(new Mark(1, at(10), "deploy-green failed"));
    }

    @Test
    void a_run_that_was_gone_on_with_has_no_setback_any_more() {
        told.event(10, "deploy-green", "failed", FAILED)
                .event(20, "deploy-green", "deploying", "{}")
                .event(30, "deploy-green", "deployed", "{}");

        assertThat(story().stints()).extracting(Stint::ending).containsExactly(Ending.FAILED, Ending.DONE);
        assertThat(story().setback("deploy-green")).isEmpty();
    }

    @Test
    void a_failure_that_was_noted_when_it_happened_is_marked_once() {
        told.event(10, "switch-traffic", "switching", "{}")
                .event(20, "switch-traffic", "gate failed", "{}")
                .event(21, "switch-traffic", "split put back", "{}")
                .event(22, "switch-traffic", "failed", "{\"problem\": \"A gate said no.\"}");

        assertThat(story().stints()).containsExactly(new Stint("switch-traffic", at(10), at(22), Ending.FAILED));
        assertThat(story().marks()).containsExactly(new Mark(1, at(20), "a gate failed"));
    }

    @Test
    void a_run_that_was_refused_or_interrupted_has_not_failed() {
        told.event(10, "contract", "contracting", "{}")
                .event(20, "contract", "refused", "{\"problem\": \"2 sessions.\", \"hint\": \"End them.\"}")
                .event(30, "backfill", "backfilling", "{}")
                .event(40, "backfill", "interrupted", "{\"problem\": \"Interrupted.\", \"hint\": \"Go on.\"}");

        assertThat(story().stints())
                .containsExactly(
                        new Stint("contract", at(10), at(20), Ending.REFUSED),
                        new Stint("backfill", at(30), at(40), Ending.CUT_SHORT));
        assertThat(story().marks()).isEmpty();
    }

    @Test
    void a_rollback_that_failed_is_told_apart_from_the_switch() {
        told.event(10, "switch-traffic", "switching", "{}")
                .event(20, "switch-traffic", "rolling back", "{}")
                .event(30, "switch-traffic", "failed", "{\"of\": \"rollback\", \"problem\": \"No router.\"}");

        assertThat(story().stints())
                .containsExactly(
                        new Stint("switch-traffic", at(10), at(10), Ending.CUT_SHORT),
                        new Stint("rollback", at(20), at(30), Ending.FAILED));
    }

    @Test
    void those_who_help_a_backfill_belong_to_it() {
        told.event(10, "backfill", "backfilling", "{}")
                .event(12, "backfill 2", "helping", "{}")
                .event(30, "backfill", "backfilled", "{}");

        assertThat(story().stints()).extracting(Stint::step).containsExactly("backfill");
    }

    @Test
    void figures_of_users_are_read_as_they_were_noted() {
        told.event(
                10,
                "backfill",
                "user figures",
                """
                {"samples": [{"colour": "blue", "from": "2026-01-01T10:00:08Z", "until": "2026-01-01T10:00:09Z",
                  "requests": 200, "failed": 1, "p50": 2.5, "p99": 12}, {"another": "kind"}]}
                """);

        assertThat(story().samples()).containsExactly(new Sample("backfill", "blue", at(8), at(9), 200, 1, 2.5, 12));
        assertThat(story().samples().get(0).errors()).isEqualTo(0.5);
    }

    @Test
    void a_migration_that_only_flyway_tells_of_is_there_once_and_without_figures() {
        told.event(
                        5,
                        "migrate-expand",
                        "script applied",
                        "{\"phase\": \"expand\", \"script\": \"V1.sql\", \"tookMs\": 9, \"tries\": 2, \"longestTryMs\": 3}")
                .script(4, "V1.sql")
                .script(6, "V2.sql");

        assertThat(story().locked())
                .containsExactly(
                        new Locked(
                                at(5), "expand", "V1.sql", OptionalLong.of(9), OptionalLong.of(2), OptionalLong.of(3)),
                        new Locked(
                                at(6),
                                "expand",
                                "V2.sql",
                                OptionalLong.of(12),
                                OptionalLong.empty(),
                                OptionalLong.empty()));
    }

    @Test
    void moments_that_matter_are_numbered() {
        told.event(10, "approve", "approved", "{\"of\": \"contract\"}")
                .event(20, "contract", "archived", "{}")
                .event(30, "contract", "contracted", "{}");

        assertThat(story().marks())
                .containsExactly(
                        new Mark(1, at(10), "contract approved by ann"), new Mark(2, at(30), "the old schema is gone"));
    }

    @Test
    void a_release_ends_with_the_last_that_is_known_of_it() {
        told.finished(60).event(90, "restore", "restored", "{}");

        assertThat(story().end()).isEqualTo(at(90));
    }

    private Story story() {
        return Story.of(told.account());
    }

    private static Instant at(long second) {
        return Told.OPENED.plusSeconds(second);
    }
}
