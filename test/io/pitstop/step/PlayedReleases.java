package io.pitstop.step;

import static io.pitstop.step.Situation.NONE;

import io.pitstop.archive.Archives;
import io.pitstop.config.Approvable;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.ShiftConfig;
import io.pitstop.config.SmokeConfig;
import io.pitstop.database.Statistics;
import io.pitstop.error.CheckFailed;
import io.pitstop.gate.BakeResult;
import io.pitstop.gate.Verdict;
import io.pitstop.release.Actor;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Lease;
import io.pitstop.smoke.SmokeSuite;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.inquiry.ContractEvidence;
import io.pitstop.step.inquiry.DrainWait;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;

/** Releases that real steps played on a real journal, each to another end, for those who show them. */
public final class PlayedReleases {
    private static final ShiftConfig CANARY =
            new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 50, 100), Duration.ofSeconds(1));

    private final Situation at = new Situation();
    private final Path folder;

    /** @param folder gets the scripts of the release */
    public PlayedReleases(Path folder) {
        this.folder = folder;
        at.router.requestsALook = 20;
        at.sql(folder, "migration/V1__posts.sql", "CREATE TABLE posts (id int PRIMARY KEY, author_name text);");
        at.sql(folder, "migration/V2__author_id.sql", "ALTER TABLE posts ADD COLUMN author_id int;");
        at.sql(
                folder,
                "backfill/B2__author_id.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                -- same: SELECT id, author_id = id % 10 FROM posts WHERE id BETWEEN :from AND :to
                UPDATE posts SET author_id = id % 10 WHERE id BETWEEN :from AND :to AND author_id IS NULL;
                """);
        at.sql(folder, "finish/V2__index.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON posts (author_id);");
        at.sql(folder, "contract/V2__drop.sql", "ALTER TABLE posts DROP COLUMN author_name;");
    }

    /** Expanded, deployed, a smoke test that failed, and a backfill that somebody works on right now. */
    public Chronicle.Account halfDone() {
        expand();
        deploy();
        failSmokeTest();
        try (Lease lease = at.journal.lease(at.release(), "backfill")) {
            lease.note("backfilling", Map.of());
            lease.note("backfill begun", Map.of("file", "B2__author_id.sql", "remaining", 2000));
            return account();
        }
    }

    /** A gate failed at 50 %, and users were put back. */
    public Chronicle.Account failed() {
        ready();
        approve(Approvable.SWITCH_TRAFFIC);
        Verdict bad = new Verdict("http /health", Verdict.Answer.UNHEALTHY, "503", "200", 3, "http://127.0.0.1:1");
        fail(
                "switch-traffic",
                () -> switchTraffic((url, colour, stretch, look) -> {
                    look.run();
                    return at.router.split().of(colour) < 50
                            ? healthy()
                            : new BakeResult(false, List.of(bad), List.of());
                }));
        return account();
    }

    /** All users moved, and were put back. */
    public Chronicle.Account rolledBack() {
        switched();
        at.rollback().run(NONE, false);
        return account();
    }

    /** From expand to contract. */
    public Chronicle.Account complete() {
        switched();
        approve(Approvable.CONTRACT);
        try (Connection green =
                DriverManager.getConnection(at.server.url() + "?ApplicationName=blog-green", "postgres", "postgres")) {
            contract();
            Assertions.assertThat(green.isValid(1)).isTrue();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return account();
    }

    private void switched() {
        ready();
        approve(Approvable.SWITCH_TRAFFIC);
        switchTraffic((url, colour, stretch, look) -> {
            look.run();
            return healthy();
        });
    }

    private void ready() {
        expand();
        deploy();
        new Backfill(
                        at.journal,
                        at.backfillJob(folder),
                        at.finish(folder),
                        new Statistics(at.server.database()),
                        at.router::figures,
                        line -> {})
                .run(NONE);
        smokeTest("true");
    }

    private void failSmokeTest() {
        fail("smoke-test", () -> smokeTest("false"));
    }

    private void smokeTest(String command) {
        SmokeSuite suite = SmokeSuite.from(
                List.of(new SmokeConfig.Command(command, Duration.ofSeconds(10))),
                Path.of("").toAbsolutePath(),
                Map.of("PATH", System.getenv("PATH")),
                line -> {});
        new SmokeTest(at.journal, at.environments, suite, report -> {}).run(NONE, false);
    }

    /** As the command does that runs the step. */
    private void fail(String step, Runnable run) {
        long began = System.nanoTime();
        CheckFailed failure = Assertions.catchThrowableOfType(CheckFailed.class, run::run);
        Assertions.assertThat(failure).isNotNull();
        new SetbackLog(at.journal, new Actor("ann", "build-7", "node-1"))
                .note(step, at.release(), Duration.ofNanos(System.nanoTime() - began), failure);
    }

    private void expand() {
        new MigrateExpand(
                        at.journal,
                        at.router,
                        at.environments,
                        at.expand(folder),
                        at.contract(folder),
                        at.safety(folder, line -> {}))
                .run(NONE, Optional.of("2"));
        at.server.execute("INSERT INTO posts SELECT id, 'Author ' || id FROM generate_series(1, 2000) AS id");
    }

    private void deploy() {
        new DeployGreen(at.journal, at.router, at.deploying(), approvals(), at.healthWait()).run(NONE, NONE);
    }

    private void approve(Approvable step) {
        at.approve(approvals(), step, CANARY);
    }

    private Approvals approvals() {
        return at.approvals(folder);
    }

    private void switchTraffic(SwitchTraffic.Watch watch) {
        new SwitchTraffic(
                        at.journal,
                        at.router,
                        at.readiness,
                        at.environments,
                        watch,
                        approvals(),
                        at.switchNotes(folder),
                        line -> {})
                .run(NONE, CANARY, Visit.untilDone());
    }

    private static BakeResult healthy() {
        Verdict good = new Verdict("router", Verdict.Answer.HEALTHY, "errors 0 %", "errors 1 %", 200, "the router");
        return new BakeResult(true, List.of(good), List.of());
    }

    private void contract() {
        ContractEvidence evidence = new ContractEvidence(
                at.journal,
                at.router,
                new ColourSessions(at.server.database(), "blog"),
                at.backfillJob(folder),
                Duration.ZERO,
                new DrainWait(at.router, Duration.ZERO, Duration.ofMillis(5), line -> {}),
                at.comparisonEvidence(folder),
                at.statementEvidence(folder, Duration.ZERO));
        new Contract(
                        at.journal,
                        evidence,
                        at.environments,
                        Idle.KEEP,
                        at.contractScripts(folder),
                        approvals(),
                        at.safety(folder, line -> {}))
                .run(NONE, NONE);
    }

    private Chronicle.Account account() {
        Status status = new Status(at.journal, at.router, Duration.ZERO, Set.of());
        return new Chronicle(
                        status,
                        List.of(at.expand(folder), at.finish(folder), at.contract(folder)),
                        new Archives(at.server.database(), "blog"),
                        at.journal)
                .read(NONE)
                .orElseThrow();
    }
}
