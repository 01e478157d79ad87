package io.pitstop.step;

import static io.pitstop.config.Approvable.SWITCH_TRAFFIC;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.config.PitstopConfig;
import io.pitstop.config.ShiftConfig;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.gate.BakeResult;
import io.pitstop.gate.Verdict;
import io.pitstop.notify.Announcements;
import io.pitstop.notify.Channel;
import io.pitstop.release.Actor;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.Sightings;
import io.pitstop.traffic.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps that people are told of, as the agent runs them, and the channel where people read. */
class AnnouncedStepsTest {
    private static final ShiftConfig AT_ONCE =
            new ShiftConfig(ShiftConfig.Plan.ALL_AT_ONCE, List.of(100), Duration.ofSeconds(1));

    @TempDir
    private Path folder;

    private final Channel channel = new Channel();
    private final List<String> warnings = new ArrayList<>();
    private final Situation at = new Situation();
    private final Approvals approvals = at.approvals(Path.of("none"));
    private PitstopConfig config;

    @BeforeEach
    void somebody_reads() throws IOException {
        Path file = Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "jdbc:postgresql://127.0.0.1/blog" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                contract: { after: 1h }
                notifications:
                  - post: { url: "${HOOK}" }
                """);
        config = PitstopConfig.load(file, Map.of());
    }

    @AfterEach
    void nobody_reads_any_more() {
        channel.close();
    }

    @Test
    void people_are_told_once_that_all_users_have_the_new_version() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        run("switch-traffic", () -> switchTraffic(true));
        run("switch-traffic", () -> switchTraffic(true));

        assertThat(channel.occasions()).containsExactly("switched");
        assertThat(told().path("headline").asText()).isEqualTo("blog: all users are on 2 (green)");
        assertThat(told().path("text").asText()).isEqualTo("green is live with 2.");
        assertThat(told().path("release").asText()).isEqualTo("blog-2-1");
        assertThat(told().path("live").asText()).isEqualTo("green");
        assertThat(told().path("person").asText()).isEqualTo("ann");
        assertThat(told().path("buildUrl").asText()).isEqualTo("https://ci/job/blog/7/");
        assertThat(told().path("next").asText()).startsWith("pitstop rollback --release blog-2-1 puts users back;");
        assertThat(told().path("at").asText())
                .isEqualTo(at.release().since(SWITCHED).orElseThrow().toString());
        assertThat(at.events()).endsWith("announced");
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_run_that_was_killed_before_it_told_people_is_made_good_by_the_next() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        switchTraffic(true);

        run("switch-traffic", () -> switchTraffic(true));

        assertThat(channel.occasions()).containsExactly("switched");
    }

    @Test
    void what_nobody_took_is_told_again() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        announced(Map.of(), "switch-traffic", () -> switchTraffic(true), at.journal);
        assertThat(channel.taken).isEmpty();
        assertThat(warnings).singleElement().asString().contains("HOOK is not set");

        run("switch-traffic", () -> switchTraffic(true));

        assertThat(channel.occasions()).containsExactly("switched");
    }

    @Test
    void users_who_are_put_back_because_a_gate_failed_are_told_of_with_the_reason() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> run("switch-traffic", () -> switchTraffic(false)))
                .isInstanceOf(CheckFailed.class);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(channel.occasions()).containsExactly("rolled-back");
        assertThat(told().path("headline").asText()).isEqualTo("blog: users are back on 1 (blue)");
        assertThat(told().path("text").asText()).contains("http /health");
        assertThat(told().path("step").asText()).isEqualTo("switch-traffic");
        assertThat(told().path("live").asText()).isEqualTo("blue");

        assertThatThrownBy(() -> run("switch-traffic", () -> switchTraffic(false)))
                .isInstanceOf(CheckFailed.class);
        assertThat(channel.occasions()).as("it has happened again").containsExactly("rolled-back", "rolled-back");
    }

    @Test
    void people_are_told_that_users_are_back_although_the_journal_is_away() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> announced(here(), "switch-traffic", () -> switchTraffic(false), unreachable()))
                .isInstanceOf(CheckFailed.class);

        assertThat(channel.occasions()).containsExactly("rolled-back");
        assertThat(warnings).singleElement().asString().contains("the event log does not know");
    }

    @Test
    void people_are_told_once_of_a_rollback() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        switchTraffic(true);

        run("rollback", () -> at.rollback().run(NONE, false));
        run("rollback", () -> at.rollback().run(NONE, false));

        assertThat(channel.occasions()).containsExactly("rolled-back");
        assertThat(told().path("text").asText()).startsWith("blue is live with 1.");
        assertThat(told().path("next").asText()).contains("--abandon --release blog-2-1 ends the release");
    }

    @Test
    void people_are_told_of_a_rollback_without_the_journal() {
        run("rollback", () -> Rollback.withoutJournal(at.router, at.readiness, BLUE));

        assertThat(channel.occasions()).containsExactly("rolled-back");
        assertThat(told().path("release").asText()).isEmpty();
        assertThat(told().path("text").asText()).startsWith("blue is live.");
    }

    @Test
    void nothing_is_told_of_what_was_refused() {
        at.given(DEPLOYED, SMOKE_TESTED);

        assertThatThrownBy(() -> run("switch-traffic", () -> switchTraffic(true)))
                .isInstanceOf(MoveRefused.class);

        assertThat(channel.taken).isEmpty();
        assertThat(at.events()).doesNotContain("announced");
    }

    @Test
    void nothing_is_told_of_a_split_that_is_still_held() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        run("switch-traffic", () -> new SwitchTraffic.Result("blog-2-1", "Holding.", GREEN, BLUE, List.of(), true, 60));

        assertThat(channel.taken).isEmpty();
    }

    @Test
    void people_are_called_when_nobody_knows_who_serves_users() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.losesNextAnswer = true;

        assertThatThrownBy(() -> run("switch-traffic", () -> switchTraffic(true)))
                .isInstanceOf(OutcomeUnknown.class);

        assertThat(channel.occasions()).containsExactly("outcome-unknown");
        assertThat(told().path("headline").asText()).startsWith("blog: OUTCOME UNKNOWN of switch-traffic");
        assertThat(told().path("release").asText()).isEqualTo("blog-2-1");
        assertThat(told().path("live").asText()).isEmpty();
        assertThat(told().path("next").asText()).isNotEmpty();
    }

    @Test
    void people_are_asked_once_for_an_approval_by_each_build_and_again_after_a_no() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        run("approve", () -> ask(Optional.empty()));
        run("approve", () -> ask(Optional.empty()));
        assertThat(channel.occasions()).containsExactly("approval-needed");
        assertThat(told().path("step").asText()).isEqualTo("switch-traffic");
        assertThat(told().path("next").asText()).isEqualTo("Answer the question of the build: https://ci/job/blog/7/");

        Map<String, String> other = new HashMap<>(here());
        other.put("BUILD_TAG", "build-8");
        announced(other, "approve", () -> ask(Optional.empty()), at.journal);
        assertThat(channel.taken).as("the question is somewhere else").hasSize(2);

        run("approve", () -> ask(Optional.of(new Approve.Answer("eve", Optional.empty(), "not today"))));
        assertThat(channel.taken).as("that was an answer").hasSize(2);
        run("approve", () -> ask(Optional.empty()));
        assertThat(channel.taken).hasSize(3);
    }

    @Test
    void outside_of_a_build_people_are_told_how_to_approve() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        announced(Map.of("HOOK", channel.url()), "approve", () -> ask(Optional.empty()), at.journal);

        assertThat(told().path("next").asText())
                .matches("pitstop approve --step switch-traffic --release blog-2-1 --by NAME --hash [0-9a-f]{64} says"
                        + " yes\\.");
    }

    @Test
    void people_are_reminded_once_of_a_contract_that_may_run() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        switchTraffic(true);
        look(at.journal);
        assertThat(channel.taken).as("it is not due yet").isEmpty();

        at.server.execute("UPDATE pitstop.facts SET at = now() - interval '1 hour'");
        look(unreachable());
        assertThat(channel.taken).as("it would be told at each look").isEmpty();
        look(at.journal);
        look(at.journal);

        assertThat(channel.occasions()).containsExactly("contract-due");
        assertThat(told().path("next").asText())
                .isEqualTo("pitstop approve --step contract --release blog-2-1, then pitstop contract --release"
                        + " blog-2-1.");
    }

    @Test
    void while_somebody_else_tells_something_news_are_told_and_reminders_left_to_the_next_look() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        try (Lease other = at.journal.lease(at.release(), "notify")) {
            run("switch-traffic", () -> switchTraffic(true));
            assertThat(channel.occasions()).containsExactly("switched");

            at.server.execute("UPDATE pitstop.facts SET at = now() - interval '1 hour'");
            look(at.journal);
            assertThat(channel.taken).hasSize(1);
            other.ensureHeld();
        }
        look(at.journal);

        assertThat(channel.occasions()).containsExactly("switched", "contract-due");
        assertThat(warnings).isEmpty();
    }

    private JsonNode told() {
        return channel.taken.get(0).body();
    }

    private Map<String, String> here() {
        return Map.of(
                "HOOK", channel.url(),
                "BUILD_TAG", "build-7",
                "BUILD_USER_ID", "ann",
                "BUILD_URL", "https://ci/job/blog/7/");
    }

    private void run(String step, Supplier<StepResult> work) {
        announced(here(), step, work, at.journal);
    }

    /** As every command of a step does it. */
    private void announced(
            Map<String, String> environment, String step, Supplier<StepResult> work, ReleaseJournal journal) {
        Announcements people = announcements(environment, step, journal);
        StepResult done = people.during(at.journal::latest, work);
        people.done(done, done.release().isEmpty() ? Optional.empty() : Optional.of(at.release()));
    }

    private void look(ReleaseJournal journal) {
        Status status = new Status(at.journal, at.router, config.contract().after(), config.approvals());
        announcements(here(), "status", journal).looked(status.read(NONE).orElseThrow());
    }

    private Announcements announcements(Map<String, String> environment, String step, ReleaseJournal journal) {
        return new Announcements(config, step, environment, () -> journal, warnings::add);
    }

    private ReleaseJournal unreachable() {
        return new ReleaseJournal(TestDatabase.unreachable(), "blog", new Actor("ann", "build-7", "node-1"));
    }

    private StepResult ask(Optional<Approve.Answer> answer) {
        Sightings sightings = new Sightings(
                at.router,
                new ColourSessions(at.server.database(), "blog"),
                at.backfillJob(Path.of("none")),
                at.statements());
        return new Approve(at.journal, at.router, approvals, sightings, Duration.ZERO, (release, why) -> {})
                .run(NONE, new Approve.Question(SWITCH_TRAFFIC, AT_ONCE, NONE), answer);
    }

    private StepResult switchTraffic(boolean healthy) {
        Verdict ill = new Verdict("http /health", Verdict.Answer.UNHEALTHY, "503", "200", 3, "http://127.0.0.1:1");
        return new SwitchTraffic(
                        at.journal,
                        at.router,
                        at.readiness,
                        at.environments,
                        (url, colour, stretch, look) ->
                                new BakeResult(healthy, healthy ? List.of() : List.of(ill), List.of()),
                        approvals,
                        at.switchNotes(Path.of("none")),
                        line -> {})
                .run(NONE, AT_ONCE, Visit.untilDone());
    }
}
