package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** pitstopPipeline releases 2.4.0 while Jenkins restarts at every step, and everything goes well. */
class ReleasePipelineTest {
    private static final List<String> ALL =
            List.of("migrate-expand", "backfill", "deploy-green", "smoke-test", "switch-traffic", "contract");
    private static final String FIRST = "1111111111111111111111111111111111111111";
    private static final String LATER = "2222222222222222222222222222222222222222";

    @TempDir
    Path folder;

    @Test
    void all_steps_run_in_order_for_one_release() throws Throwable {
        PipelineBuild build = build("label: 'linux', credentialsId: 'blog-db', bakeTime: '5m', batchRows: 500");

        build.run();

        assertThat(build.commands())
                .containsExactly(
                        "check --sarif .pitstop/check.sarif --junit .pitstop/check.xml",
                        "migrate-expand --version 2.4.0",
                        "backfill --release blog-2.4.0-1 --batch-rows 500",
                        "deploy-green --release blog-2.4.0-1 --version 2.4.0",
                        "smoke-test --release blog-2.4.0-1 --junit .pitstop/smoke-test.xml",
                        "approve --release blog-2.4.0-1 --bake-time 5m --step switch-traffic",
                        "approve --release blog-2.4.0-1 --bake-time 5m --step switch-traffic --by alice --hash abc",
                        "switch-traffic --release blog-2.4.0-1 --bake-time 5m --watch 3m",
                        "status --release blog-2.4.0-1 --report .pitstop/report",
                        "status --release blog-2.4.0-1 --report .pitstop/report",
                        "approve --release blog-2.4.0-1 --step contract",
                        "approve --release blog-2.4.0-1 --step contract --by alice --hash abc",
                        "contract --release blog-2.4.0-1",
                        "status --release blog-2.4.0-1 --report .pitstop/report");
        assertThat(build.environment()).containsEntry("PITSTOP_DB_USER", "blog");
        assertThat(build.jenkins().restarts()).isEqualTo(build.jenkins().made().size());
    }

    @Test
    void a_risk_is_shown_to_who_approves_contract_and_goes_on_to_it() throws Throwable {
        PipelineBuild build = build("acceptRisk: 'no reports run'");

        build.run();

        assertThat(build.commands())
                .filteredOn(command -> command.contains("--accept-risk"))
                .containsExactly(
                        "approve --release blog-2.4.0-1 --step contract --accept-risk no reports run",
                        "contract --release blog-2.4.0-1 --accept-risk no reports run");
    }

    @Test
    void it_returns_what_is_known_of_the_release() throws Throwable {
        PipelineBuild build = build("");
        build.does("deploy-green", "\"url\": \"http://green\"");
        build.does("contract", "\"facts\": [\"contracted\"]");

        assertThat(build.run())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("release", "blog-2.4.0-1")
                .containsEntry("url", "http://green")
                .containsEntry("facts", List.of("contracted"));
    }

    @Test
    void backfill_runs_beside_deployment_and_smoke_test_each_on_its_node() throws Throwable {
        PipelineBuild build = build("label: 'linux'");

        build.run();

        assertThat(build.jenkins().made("sh").stream()
                        .map(one -> one.call().named("label") + " in " + String.join(" ", one.within()))
                        .skip(1)
                        .limit(4))
                .containsExactly(
                        "pitstop migrate-expand in stage node",
                        "pitstop backfill in stage node",
                        "pitstop deploy-green in stage node stage",
                        "pitstop smoke-test in stage node stage");
        assertThat(build.jenkins().made("node"))
                .extracting(one -> one.call().argument())
                .containsOnly("linux");
        assertThat(build.jenkins().made("stage").stream().map(one -> one.call().argument()))
                .containsExactly(
                        "Check",
                        "Expand",
                        "Prepare",
                        "Deploy",
                        "Smoke test",
                        "Approve switch",
                        "Switch",
                        "Bake before contract",
                        "Approve contract",
                        "Contract");
    }

    @Test
    void a_long_bake_holds_no_node() throws Throwable {
        PipelineBuild build = build("watch: '2m', retries: 1")
                .does("switch-traffic", "\"baking\": true, \"wakeInSeconds\": 120")
                .does("switch-traffic", "\"baking\": true, \"wakeInSeconds\": 900")
                .does("switch-traffic", "\"baking\": false, \"wakeInSeconds\": 0");

        build.run();

        assertThat(build.commands().stream().filter(command -> command.startsWith("switch-traffic")))
                .containsExactly(
                        "switch-traffic --release blog-2.4.0-1 --watch 2m",
                        "switch-traffic --release blog-2.4.0-1 --watch 2m --resume",
                        "switch-traffic --release blog-2.4.0-1 --watch 2m --resume");
        assertThat(build.sleeps()).containsExactly(120, 900);
        assertThat(build.waitsOnANode()).isEmpty();
    }

    @Test
    void the_bake_before_contract_holds_no_node() throws Throwable {
        PipelineBuild build = build("")
                .does("status", "") // draws the page
                .does("status", "\"contractDueInSeconds\": 86400")
                .does("status", "\"contractDueInSeconds\": 30")
                .does("status", "\"contractDueInSeconds\": 0");

        build.run();

        assertThat(build.sleeps()).containsExactly(86400, 30);
        assertThat(build.waitsOnANode()).isEmpty();
        assertThat(build.moves()).isEqualTo(ALL);
    }

    @Test
    void contract_may_be_left_to_another_job() throws Throwable {
        PipelineBuild build = build("contract: false");

        build.run();

        assertThat(build.moves()).isEqualTo(ALL.subList(0, 5));
        assertThat(build.jenkins().made("input")).hasSize(1);
    }

    @Test
    void people_are_asked_without_a_node() throws Throwable {
        PipelineBuild build = build("approvers: 'release-managers'");

        build.run();

        assertThat(build.jenkins().made("input"))
                .hasSize(2)
                .allMatch(one -> "release-managers".equals(one.call().named("submitter")))
                .extracting(one -> one.within())
                .containsOnly(List.of("stage", "timeout"));
        assertThat(build.jenkins().made("timeout"))
                .extracting(one -> one.call().argument())
                .containsExactly(Map.of("time", 8, "unit", "HOURS"), Map.of("time", 7, "unit", "DAYS"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "approvals: []|0",
                "approvals: ['contract']|1",
                "approvals: ['switchTraffic'], contract: false|1",
                "approvals: ['deployGreen', 'contract']|2"
            })
    void who_is_asked_is_the_teams_to_say(String parameters, int questions) throws Throwable {
        PipelineBuild build = build(parameters + ", approveWithin: '30m'");

        build.run();

        assertThat(build.jenkins().made("input")).hasSize(questions);
        assertThat(build.jenkins().made("timeout"))
                .allMatch(one -> one.call().argument().equals(Map.of("time", 30, "unit", "MINUTES")));
    }

    @Test
    void the_check_may_be_left_to_pull_requests_or_begin_after_a_version() throws Throwable {
        PipelineBuild without = build("check: false, contract: false");
        without.run();
        assertThat(without.commandNames()).doesNotContain("check");

        PipelineBuild unsaid = new PipelineBuild(folder.resolve("unsaid"), "check: null, contract: false");
        unsaid.run();
        assertThat(unsaid.commandNames()).doesNotContain("check");

        PipelineBuild since = new PipelineBuild(folder.resolve("since"), "check: null, since: '57', contract: false");
        since.run();
        assertThat(since.commands()).first().asString().startsWith("check --since 57 ");
    }

    @Test
    void a_page_that_cannot_be_drawn_is_no_failure() throws Throwable {
        PipelineBuild build = build("contract: false").fails("status", 5);

        build.run();

        assertThat(build.commandNames()).endsWith("switch-traffic", "status");
    }

    @Test
    void every_node_gets_the_commit_of_the_first_one() throws Throwable {
        PipelineBuild build = build("");
        Deque<String> commits = new ArrayDeque<>(List.of(FIRST, FIRST, LATER));
        build.jenkins()
                .on("checkout", call -> Map.of("GIT_COMMIT", commits.size() > 1 ? commits.poll() : commits.peek()));

        build.run();

        assertThat(build.jenkins().made("checkout")).hasSize(11);
        assertThat(build.jenkins().made("sh").stream()
                        .map(one -> one.call().named("script"))
                        .filter(script -> script.toString().startsWith("git")))
                .hasSize(9)
                .containsOnly("git checkout --detach " + FIRST);
    }

    @Test
    void a_checkout_that_tells_no_commit_is_taken_as_it_is() throws Throwable {
        PipelineBuild build = build("");

        build.run();

        assertThat(build.jenkins().made("checkout")).hasSize(11);
        assertThat(build.moves()).isEqualTo(ALL);
    }

    @Test
    void what_was_stashed_is_unstashed_on_every_node() throws Throwable {
        PipelineBuild build = build("stash: 'sources'");

        build.run();

        assertThat(build.jenkins().made("unstash"))
                .hasSize(11)
                .allMatch(one -> one.call().argument().equals("sources"));
        assertThat(build.jenkins().made("checkout")).isEmpty();
    }

    @Test
    void hooks_run_where_their_step_runs_and_know_the_release() throws Throwable {
        PipelineBuild build = build(
                """
                before: [migrateExpand: { release -> echo "first $release.version" }, switchTraffic: { echo 'before switch' }],
                after: [deployGreen: { release -> echo "green at ${release.url}" }, contract: { echo 'done' }]""");
        build.does("deploy-green", "\"url\": \"http://green\"")
                .does("switch-traffic", "\"baking\": true, \"wakeInSeconds\": 5")
                .does("switch-traffic", "\"baking\": false");

        build.run();

        assertThat(build.jenkins().made("echo").stream()
                        .map(one -> one.call().argument() + " in " + String.join(" ", one.within())))
                .containsExactly(
                        "first 2.4.0 in stage node",
                        "green at http://green in stage node stage",
                        "before switch in stage node",
                        "done in stage node");
    }

    @Test
    void another_release_is_waited_for_without_a_node() throws Throwable {
        PipelineBuild build = build("whenBusy: 'wait', before: [migrateExpand: { echo 'once' }]")
                .fails("migrate-expand", 3, ", \"busy\": \"blog-2.3.0-1\"")
                .fails("migrate-expand", 3, ", \"busy\": \"blog-2.3.1-1\"")
                .does("migrate-expand", "");

        build.run();

        assertThat(build.sleeps()).containsExactly(60, 120);
        assertThat(build.waitsOnANode()).isEmpty();
        assertThat(build.echoes())
                .containsExactly(
                        "once", "Waiting for release blog-2.3.0-1 to end.", "Waiting for release blog-2.3.1-1 to end.");
        assertThat(build.moves()).endsWith(ALL.toArray(String[]::new)).hasSize(ALL.size() + 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "versoin: '3'               | there is no parameter versoin",
                "version: ''                | version is missing",
                "version: null              | version is missing",
                "whenBusy: 'queue'          | whenBusy is queue. Next: Write one of refuse, wait.",
                "approvals: 'contract'      | approvals is contract. Next: Write a list",
                "approvals: ['switch']      | approvals names switch. Next: Write one of deployGreen, switchTraffic, contract.",
                "onFailure: 'panic'         | onFailure is panic. Next: Write one of freeze, rollback.",
                "before: [deploy: { }]      | before names deploy. Next: Write one of checkMigrations,",
                "after: [contracts: { }]    | after names contracts",
            })
    void nonsense_is_refused_before_a_node_is_asked_for(String parameters, String message) throws IOException {
        PipelineBuild build = build(parameters);

        assertThatThrownBy(build::run).isInstanceOf(BuildFailed.class).hasMessageContaining(message);

        assertThat(build.jenkins().made("node")).isEmpty();
    }

    @Test
    void on_a_node_it_is_refused_because_it_would_hold_that_for_days() throws IOException {
        PipelineBuild build = PipelineBuild.of(folder, "node('linux') { pitstopPipeline(version: '2.4.0') }");

        assertThatThrownBy(build::run).hasMessageContaining("Call it outside of node");

        assertThat(build.commands()).isEmpty();
    }

    @Test
    void a_release_that_another_job_contracted_meanwhile_is_done() throws Throwable {
        PipelineBuild build = build("")
                .does("status", "\"contractDueInSeconds\": 7200, \"facts\": {}")
                .does(
                        "status",
                        "\"contractDueInSeconds\": null, \"facts\": {\"contracted\": \"2026-01-01T10:00:00Z\"}");

        build.run();

        assertThat(build.moves()).endsWith("contract").doesNotContain("rollback");
    }

    private PipelineBuild build(String parameters) throws IOException {
        return new PipelineBuild(folder, parameters);
    }
}
