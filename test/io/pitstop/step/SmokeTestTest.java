package io.pitstop.step;

import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.SmokeConfig;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.smoke.SmokeReport;
import io.pitstop.smoke.SmokeSuite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Release 2 is deployed on green; the one check is a command. */
class SmokeTestTest {
    private final Situation at = new Situation();
    private final List<SmokeReport> reports = new ArrayList<>();
    private boolean deployedAgain;

    @Test
    void passed_checks_are_a_fact() {
        at.given(DEPLOYED);

        assertThat(smokeTest("test \"$PITSTOP_URL\" = http://127.0.0.1:1/green", false)
                        .checks())
                .hasSize(1);

        assertThat(at.facts()).contains(SMOKE_TESTED);
        assertThat(reports).hasSize(1);
    }

    @Test
    void a_failed_check_is_named_and_reported_and_is_no_fact() {
        at.given(DEPLOYED);

        assertThatThrownBy(() -> smokeTest("exit 7", false))
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("1 of 1")
                .hasMessageContaining("Users are on blue");

        assertThat(at.facts()).doesNotContain(SMOKE_TESTED);
        assertThat(reports).as("reported all the same").hasSize(1);
        assertThat(at.journal.events(at.release()))
                .filteredOn(event -> event.event().equals("smoke test failed"))
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).contains("FAILED command exit 7: exit code 7"));
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do_unless_it_is_asked_to_test_again() {
        at.given(DEPLOYED);
        smokeTest("true", false);

        assertThat(smokeTest("true", false).message()).startsWith("Already smoke tested");
        assertThatThrownBy(() -> smokeTest("false", true)).isInstanceOf(CheckFailed.class);
        assertThat(at.facts()).doesNotContain(SMOKE_TESTED);
    }

    @Test
    void checks_of_what_was_deployed_again_meanwhile_count_for_nothing() {
        at.given(DEPLOYED);
        deployedAgain = true;

        assertThatThrownBy(() -> smokeTest("true", false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("green was deployed again while it was tested");

        assertThat(at.facts()).contains(DEPLOYED).doesNotContain(SMOKE_TESTED);
    }

    @Test
    void a_release_that_was_not_deployed_is_refused() {
        at.given();

        assertThatThrownBy(() -> smokeTest("true", false)).isInstanceOf(MoveRefused.class);
    }

    @Test
    void a_colour_that_runs_something_else_is_refused() {
        at.given(DEPLOYED);
        at.environments.running(Colour.GREEN, "3");

        assertThatThrownBy(() -> smokeTest("true", false)).isInstanceOf(MoveRefused.class);
    }

    private SmokeTest.Result smokeTest(String command, boolean again) {
        SmokeSuite suite = SmokeSuite.from(
                List.of(new SmokeConfig.Command(command, Duration.ofSeconds(10))),
                Path.of("").toAbsolutePath(),
                Map.of("PATH", System.getenv("PATH")),
                line -> {});
        return new SmokeTest(at.journal, at.environments, suite, this::tested).run(NONE, again);
    }

    private void tested(SmokeReport report) {
        reports.add(report);
        if (deployedAgain) {
            try (Lease deploying = at.journal.lease(at.release(), "deploy-green")) {
                deploying.record(DEPLOYED, SMOKE_TESTED, Map.of());
            }
        }
    }
}
