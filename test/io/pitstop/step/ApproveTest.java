package io.pitstop.step;

import static io.pitstop.config.Approvable.CONTRACT;
import static io.pitstop.config.Approvable.DEPLOY_GREEN;
import static io.pitstop.config.Approvable.SWITCH_TRAFFIC;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.finding.Severity;
import io.pitstop.config.Approvable;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Actor;
import io.pitstop.release.Approval;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.Approve.Answer;
import io.pitstop.step.Approve.Question;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.ContractSubject;
import io.pitstop.step.approval.Sightings;
import io.pitstop.step.approval.SwitchSubject;
import io.pitstop.step.inquiry.ContractEvidence;
import io.pitstop.step.inquiry.DrainWait;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Blue is live; green carries release blog-2-1, which is ready to be switched, or was. */
class ApproveTest {
    private static final ShiftConfig CANARY =
            new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 100), Duration.ofMinutes(2));
    private static final Optional<Answer> NO_ANSWER = Optional.empty();

    @TempDir
    private Path folder;

    private final Situation at = new Situation();
    private Map<String, String> gates = Map.of("gates[0].http.path", "/health");
    private List<Finding> findings = List.of();
    private Duration after = Duration.ofHours(24);
    private Idle idle = Idle.KEEP;
    private ShiftConfig shift = CANARY;

    @Test
    void people_see_what_a_switch_would_do_what_the_systems_show_and_what_may_run_afterwards() {
        ready();
        at.sql(folder, "finish/V9__late.sql", "SELECT 1;");

        Approve.Result asked = ask(SWITCH_TRAFFIC);

        assertThat(asked.open()).isTrue();
        assertThat(asked.hash()).matches("[0-9a-f]{64}");
        assertThat(asked.message()).contains("waits for an approval", asked.hash());
        assertThat(asked.subject())
                .contains(
                        "release: blog-2-1",
                        "from: 1 on blue",
                        "to: 2 on green",
                        "plan: canary",
                        "steps: 5, 100 %",
                        "bake: 2m each",
                        "gates[0].http.path: /health",
                        "rolled back: never")
                .anyMatch(line -> line.matches("smoke tested: 2.*Z"))
                .anyMatch(line -> line.matches("not applied, V9__late\\.sql: [0-9a-f]{64}"));
        assertThat(asked.evidence())
                .containsExactly(
                        "traffic: blue 100 %, green 0 %",
                        "blue: 1 of 1 targets healthy",
                        "green: 1 of 1 targets healthy",
                        "database sessions: 0 of blue, 0 of green",
                        "rows left to backfill: 0");
        assertThat(asked.afterwards())
                .contains(
                        "rollback: allowed",
                        "deploy-green: refused. green serves 100 % of the users, so it cannot be replaced.",
                        "backfill: allowed",
                        "migrate-expand of the next version: refused. Release blog-2-1 is unfinished, so another"
                                + " version cannot start.")
                .anyMatch(line -> line.startsWith("contract: refused. The switch has not lasted 1d yet"));
    }

    @Test
    void people_see_and_approve_which_evidence_contract_goes_on_without() {
        at.server.execute("CREATE TABLE posts (id int PRIMARY KEY, author_name text)");
        at.sql(folder, "contract/V1__drop.sql", "ALTER TABLE posts DROP COLUMN author_name;");
        switched();
        at.server.execute("DROP EXTENSION pg_stat_statements");
        Question question = new Question(CONTRACT, shift, Optional.of("nobody but the blog may read it"));

        Approve.Result asked = approve().run(NONE, question, NO_ANSWER);

        assertThat(asked.subject())
                .contains(
                        "goes on without evidence that is missing, accepted: by ann: nobody but the blog may read it",
                        "nobody knows: which statements ran, as the server does not count them");
        approve(CONTRACT, "eve", asked.hash());
        approvals().requireContract(at.release());
    }

    @Test
    void people_see_what_terraform_would_change_before_a_version_is_deployed() {
        at.given(EXPANDED, BACKFILLED);
        at.environments.changes.put("~ update aws_ecs_service.app", "task_definition 1 -> 2, sha256 00aa");

        Approve.Result asked = ask(DEPLOY_GREEN);

        assertThat(asked.open()).isTrue();
        assertThat(asked.subject())
                .contains(
                        "version: 2",
                        "colour: green",
                        "users stay on: blue",
                        "~ update aws_ecs_service.app: task_definition 1 -> 2, sha256 00aa");
        assertThat(asked.afterwards())
                .contains("deploy-green: allowed", "smoke-test: allowed")
                .anyMatch(line -> line.startsWith("switch-traffic: refused. Release blog-2-1 is not smoke tested yet"));
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void a_deployment_that_is_done_or_not_due_is_not_put_before_people() {
        at.given();
        assertThatThrownBy(() -> ask(DEPLOY_GREEN)).hasMessageContaining("is not expanded yet");
        record(EXPANDED);
        at.router.shift(Split.giving(Colour.GREEN, 5));
        assertThatThrownBy(() -> ask(DEPLOY_GREEN)).hasMessageContaining("green serves 5 %");

        at.router.shift(Split.allTo(Colour.BLUE));
        record(DEPLOYED);
        at.environments.running(Colour.GREEN, "2");
        assertThat(ask(DEPLOY_GREEN).message()).isEqualTo("deploy-green of blog-2-1 is done; nothing to approve.");
        at.environments.destroy(Colour.GREEN);
        assertThat(ask(DEPLOY_GREEN).open()).isTrue();
    }

    @Test
    void people_see_that_there_is_no_way_back_after_contract() {
        switched();
        at.sql(folder, "contract/V1__drop.sql", "DROP TABLE posts;");
        at.router.shift(Split.allTo(Colour.GREEN));

        Approve.Result asked = ask(CONTRACT);

        assertThat(asked.subject())
                .contains("stays: 2 on green", "goes: 1 on blue", "bake demanded: 1d", "compute of blue: is kept")
                .anyMatch(line -> line.matches("switched: 2.*Z"))
                .anyMatch(line -> line.matches("applies V1__drop\\.sql: sha256 [0-9a-f]{64}"));
        assertThat(asked.evidence().get(0)).startsWith("bake: not over. The switch has not lasted 1d yet");
        assertThat(asked.afterwards())
                .contains("migrate-expand of the next version: allowed")
                .anyMatch(line -> line.startsWith("rollback: refused. Release blog-2-1 is contracted"));
    }

    @Test
    void what_check_finds_in_the_scripts_is_part_of_what_is_approved() {
        switched();
        findings = List.of(finding("drops it"), finding("drops that"));
        assertThat(ask(CONTRACT).subject()).noneMatch(line -> line.contains("V1__x.sql"));
        at.sql(folder, "contract/V1__x.sql", "SELECT 1;");

        assertThat(ask(CONTRACT).subject())
                .contains(
                        "error in V1__x.sql:3 drop-column: drops it",
                        "error in V1__x.sql:3 drop-column (2): drops that");
    }

    private static Finding finding(String why) {
        Path file = Path.of("somewhere/contract/V1__x.sql");
        return new Finding(Judge.RULES, "drop-column", Severity.ERROR, file, 3, "DROP", why, "-- nothing");
    }

    @Test
    void an_approval_is_remembered_with_who_when_from_which_build_and_for_what() {
        ready();
        String hash = ask(SWITCH_TRAFFIC).hash();

        Approve.Result approved = approve(SWITCH_TRAFFIC, "eve", hash);

        assertThat(approved.open()).isFalse();
        assertThat(approved.message()).contains("was approved by eve at 2");
        Approval kept = at.journal.approvals(at.release()).get(0);
        assertThat(kept.decision().person()).isEqualTo("eve");
        assertThat(kept.decision().hash()).isEqualTo(hash);
        assertThat(kept.decision().subject()).isEqualTo(approved.subject());
        assertThat(kept.build()).isEqualTo("build-7");
        Event event = at.journal.events(at.release()).stream()
                .filter(one -> one.event().equals("approved"))
                .findFirst()
                .orElseThrow();
        assertThat(event.person()).isEqualTo("eve");
        assertThat(event.detail()).contains(hash, "switch-traffic");
    }

    @Test
    void a_second_approval_of_the_same_adds_nothing_and_nobody_need_be_asked_again() {
        ready();
        String hash = ask(SWITCH_TRAFFIC).hash();
        approve(SWITCH_TRAFFIC, "eve", hash);

        assertThat(approve(SWITCH_TRAFFIC, "bob", hash).decision()).contains("eve");
        assertThat(ask(SWITCH_TRAFFIC).open()).isFalse();
        assertThat(at.events()).filteredOn("approved"::equals).hasSize(1);
        assertThat(at.events()).filteredOn("approval asked"::equals).hasSize(1);
    }

    @Test
    void what_changed_while_people_thought_is_named_and_nothing_is_recorded() {
        ready();
        String hash = ask(SWITCH_TRAFFIC).hash();
        record(DEPLOYED);

        assertThatThrownBy(() -> approve(SWITCH_TRAFFIC, "eve", hash))
                .isInstanceOf(MoveRefused.class)
                .hasMessageMatching("switch-traffic of blog-2-1 is not what was shown any more: deployed was \\S+, is"
                        + " \\S+\\.");
        assertThat(at.journal.approvals(at.release())).isEmpty();
    }

    @Test
    void a_hash_that_nobody_was_shown_is_refused() {
        ready();

        assertThatThrownBy(() -> approve(SWITCH_TRAFFIC, "eve", "0".repeat(64)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("nobody was ever shown 0000");
    }

    @Test
    void a_declined_step_is_refused_until_somebody_approves_it_even_if_nobody_had_to_be_asked() {
        ready();
        decline(SWITCH_TRAFFIC, "eve", "not on a Friday");

        assertThatThrownBy(this::requireSwitch)
                .isInstanceOf(MoveRefused.class)
                .hasMessageMatching("switch-traffic of blog-2-1 was declined by eve at \\S+: not on a Friday\\.");
        assertThat(ask(SWITCH_TRAFFIC).open()).isTrue();
        assertThat(at.events()).contains("approval declined");

        approve(SWITCH_TRAFFIC, "eve", ask(SWITCH_TRAFFIC).hash());
        requireSwitch();
    }

    @Test
    void who_declines_takes_an_approval_back() {
        ready();
        approve(SWITCH_TRAFFIC, "eve", ask(SWITCH_TRAFFIC).hash());
        decline(SWITCH_TRAFFIC, "bob", "late");

        assertThatThrownBy(this::requireSwitch).hasMessageContaining("declined by bob");
    }

    @Test
    void a_no_to_what_was_shown_is_remembered_like_any_other() {
        ready();
        String hash = ask(SWITCH_TRAFFIC).hash();

        declineShown(hash);

        assertThatThrownBy(this::requireSwitch).hasMessageContaining("declined by unknown");
    }

    @Test
    void a_late_no_to_what_has_changed_takes_no_approval_back() {
        ready();
        String old = ask(SWITCH_TRAFFIC).hash();
        record(DEPLOYED);
        approve(SWITCH_TRAFFIC, "eve", ask(SWITCH_TRAFFIC).hash());

        Approve.Result late = declineShown(old);

        assertThat(late.message())
                .contains("the no of unknown came too late, because the step would do something else");
        assertThat(late.decision()).startsWith("approved by eve");
        assertThat(at.events()).contains("declined too late").doesNotContain("approval declined");
        requireSwitch();
    }

    @Test
    void a_late_no_to_what_another_build_got_approved_takes_it_not_back() {
        ready();
        String hash = ask(SWITCH_TRAFFIC).hash();
        ReleaseJournal other = new ReleaseJournal(at.server.database(), "blog", new Actor("ann", "build-8", "node-1"));
        approve(other)
                .run(
                        NONE,
                        new Question(SWITCH_TRAFFIC, shift, NONE),
                        Optional.of(new Answer("eve", Optional.of(hash), "")));

        assertThat(declineShown(hash).message()).contains("because another build got it approved meanwhile");
        requireSwitch();

        decline(SWITCH_TRAFFIC, "bob", "without a hash, on purpose");
        assertThatThrownBy(this::requireSwitch).hasMessageContaining("declined by bob");
    }

    @Test
    void approvals_of_two_steps_stand_beside_each_other() {
        ready();
        approve(SWITCH_TRAFFIC, "eve", ask(SWITCH_TRAFFIC).hash());
        record(SWITCHED);
        approve(CONTRACT, "bob", ask(CONTRACT).hash());

        assertThat(at.journal.approvals(at.release()))
                .extracting(approval -> approval.decision().step())
                .containsExactly("switch-traffic", "contract");
    }

    @Test
    void a_step_that_is_not_ready_or_is_done_is_not_put_before_people() {
        at.given(EXPANDED, BACKFILLED);
        assertThatThrownBy(() -> ask(SWITCH_TRAFFIC)).hasMessageContaining("is not deployed, smoke tested yet");
        assertThatThrownBy(() -> ask(CONTRACT)).hasMessageContaining("is not switched yet");

        record(SWITCHED);
        at.router.shift(Split.allTo(Colour.GREEN));
        assertThat(ask(SWITCH_TRAFFIC).open()).isFalse();
        assertThat(ask(SWITCH_TRAFFIC).message()).isEqualTo("switch-traffic of blog-2-1 is done; nothing to approve.");
        record(CONTRACTED);
        assertThat(ask(CONTRACT).open()).isFalse();
    }

    @Test
    void a_system_that_does_not_answer_does_not_keep_people_from_seeing_the_rest() {
        ready();
        at.router.isDown = true;

        assertThat(ask(SWITCH_TRAFFIC).evidence())
                .contains("traffic: no answer. The router does not answer.", "rows left to backfill: 0");
    }

    @Test
    void the_rest_of_a_contract_that_was_cut_short_is_covered_by_its_approval() {
        switched();
        at.sql(folder, "contract/V1__one.sql", "SELECT 1;");
        at.sql(folder, "contract/V2__two.sql", "SELECT 2;");
        approve(CONTRACT, "eve", ask(CONTRACT).hash());
        record(CONTRACT_BEGUN);
        Path first = folder.resolve("first");
        at.sql(first, "contract/V1__one.sql", "SELECT 1;");
        try (Lease lease = at.journal.lease(at.release(), "contract")) {
            at.contract(first).migrate(lease);
        }

        assertThat(ask(CONTRACT).subject()).noneMatch(line -> line.contains("V1__one"));
        assertThat(ask(CONTRACT).open()).isFalse();
        at.sql(folder, "contract/V3__three.sql", "SELECT 3;");
        assertThat(ask(CONTRACT).open()).isTrue();
    }

    @Test
    void the_same_is_shown_under_the_same_hash_in_another_time_zone_and_in_another_checkout() {
        ready();
        at.sql(folder, "finish/V9__late.sql", "SELECT 1;\nSELECT 2;\n");
        String hash = ask(SWITCH_TRAFFIC).hash();
        TimeZone here = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
            at.sql(folder, "finish/V9__late.sql", "SELECT 1;\r\nSELECT 2;\r\n");
            at.router.shift(Split.giving(Colour.GREEN, 5));

            assertThat(ask(SWITCH_TRAFFIC).hash()).isEqualTo(hash);
        } finally {
            TimeZone.setDefault(here);
        }
    }

    private static Arguments change(Approvable step, String what, Consumer<ApproveTest> change) {
        return Arguments.of(step, what, change);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change(
                        SWITCH_TRAFFIC,
                        "another plan",
                        test -> test.shift = with(ShiftConfig.Plan.LINEAR, "2m", 5, 100)),
                change(
                        SWITCH_TRAFFIC,
                        "another step",
                        test -> test.shift = with(ShiftConfig.Plan.CANARY, "2m", 6, 100)),
                change(
                        SWITCH_TRAFFIC,
                        "another bake",
                        test -> test.shift = with(ShiftConfig.Plan.CANARY, "3m", 5, 100)),
                change(
                        DEPLOY_GREEN,
                        "another plan",
                        test -> test.at.environments.changes.put("+ create aws_instance.new", "sha256 00")),
                change(SWITCH_TRAFFIC, "a limit", test -> test.gates = Map.of("gates[0].http.path", "/other")),
                change(SWITCH_TRAFFIC, "no gate", test -> test.gates = Map.of()),
                change(SWITCH_TRAFFIC, "expanded again", test -> test.record(EXPANDED)),
                change(SWITCH_TRAFFIC, "deployed again", test -> test.record(DEPLOYED)),
                change(SWITCH_TRAFFIC, "backfilled again", test -> test.record(BACKFILLED)),
                change(SWITCH_TRAFFIC, "tested again", test -> test.record(SMOKE_TESTED)),
                change(SWITCH_TRAFFIC, "rolled back", test -> test.at.rollback().run(NONE, false)),
                change(SWITCH_TRAFFIC, "a script to expand", test -> test.script("migration/V2__x.sql", "SELECT 1;")),
                change(SWITCH_TRAFFIC, "a script to finish", test -> test.script("finish/V2__x.sql", "SELECT 1;")),
                change(CONTRACT, "switched again", test -> test.record(SWITCHED)),
                change(CONTRACT, "another bake", test -> test.after = Duration.ofHours(1)),
                change(CONTRACT, "compute goes", test -> test.idle = Idle.DESTROY),
                change(CONTRACT, "compute stops", test -> test.idle = Idle.SCALE_DOWN),
                change(CONTRACT, "a script more", test -> test.script("contract/V2__x.sql", "SELECT 1;")),
                change(CONTRACT, "another script", test -> test.script("contract/V1__x.sql", "SELECT 2;")),
                change(
                        CONTRACT,
                        "no transaction",
                        test -> test.script("contract/V1__x.sql.conf", "executeInTransaction=false")),
                change(CONTRACT, "a finding", test -> test.findings = List.of(finding("drops it"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("changes")
    void what_changes_what_would_happen_changes_the_hash(Approvable step, String what, Consumer<ApproveTest> change) {
        switchedButReady(step);
        at.sql(folder, "contract/V1__x.sql", "SELECT 1;");
        Approve.Result before = ask(step);
        assertThat(ask(step).hash()).isEqualTo(before.hash());

        change.accept(this);

        Approve.Result changed = ask(step);
        assertThat(changed.hash()).isNotEqualTo(before.hash());
        assertThat(changed.subject()).as("it shows").isNotEqualTo(before.subject());
    }

    private static ShiftConfig with(ShiftConfig.Plan plan, String bake, Integer... steps) {
        return new ShiftConfig(
                plan, List.of(steps), io.pitstop.config.Quantity.duration(bake).orElseThrow());
    }

    private void ready() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
    }

    private void switched() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED, SWITCHED);
    }

    private void switchedButReady(Approvable step) {
        List<Fact> facts = new ArrayList<>(List.of(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED));
        if (step == DEPLOY_GREEN) {
            facts.remove(DEPLOYED);
        }
        if (step == CONTRACT) {
            facts.add(SWITCHED);
        }
        at.given(facts.toArray(new Fact[0]));
    }

    private void script(String name, String sql) {
        at.sql(folder, name, sql);
    }

    private void record(Fact fact) {
        try (Lease lease = at.journal.lease(at.release(), fact.step())) {
            lease.record(fact, Map.of());
        }
    }

    private Approve.Result ask(Approvable step) {
        return approve().run(NONE, new Question(step, shift, NONE), NO_ANSWER);
    }

    private Approve.Result approve(Approvable step, String person, String hash) {
        return approve()
                .run(NONE, new Question(step, shift, NONE), Optional.of(new Answer(person, Optional.of(hash), "")));
    }

    private void decline(Approvable step, String person, String why) {
        approve().run(NONE, new Question(step, shift, NONE), Optional.of(new Answer(person, Optional.empty(), why)));
    }

    private Approve.Result declineShown(String hash) {
        Answer no = new Answer("unknown", Optional.of(hash), "not answered within 8h");
        return approve().run(NONE, new Question(SWITCH_TRAFFIC, shift, NONE), Optional.of(no));
    }

    private void requireSwitch() {
        approvals().requireSwitch(at.release(), shift);
    }

    private Approve approve() {
        return approve(at.journal);
    }

    private Approve approve(ReleaseJournal journal) {
        Sightings sightings = new Sightings(
                at.router, new ColourSessions(at.server.database(), "blog"), at.backfillJob(folder), at.statements());
        return new Approve(journal, at.router, approvals(), sightings, after, evidence()::accept);
    }

    private ContractEvidence evidence() {
        return new ContractEvidence(
                at.journal,
                at.router,
                new ColourSessions(at.server.database(), "blog"),
                at.backfillJob(folder),
                after,
                new DrainWait(at.router, Duration.ZERO, line -> {}),
                at.comparisonEvidence(folder),
                at.statementEvidence(folder, after));
    }

    private Approvals approvals() {
        List<Migrations> before = List.of(at.expand(folder), at.finish(folder));
        return new Approvals(
                at.journal,
                java.util.Set.of(),
                at.deploying(),
                new SwitchSubject(at.journal, gates, before),
                new ContractSubject(after, idle, at.contract(folder), scripts -> findings));
    }
}
