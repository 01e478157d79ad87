package io.pitstop.explore;

import io.pitstop.archive.Archive;
import io.pitstop.archive.Departures;
import io.pitstop.archive.Restoration;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.check.Checks;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.Approvable;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.HealthPolicy;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.config.ShiftConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Statistics;
import io.pitstop.evidence.Comparisons;
import io.pitstop.evidence.DualWrites;
import io.pitstop.evidence.StatementLog;
import io.pitstop.gate.BakeResult;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Actor;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.smoke.SmokeSuite;
import io.pitstop.step.Approve;
import io.pitstop.step.Backfill;
import io.pitstop.step.Contract;
import io.pitstop.step.ContractDrops;
import io.pitstop.step.ContractScripts;
import io.pitstop.step.DeployGreen;
import io.pitstop.step.MigrateExpand;
import io.pitstop.step.Restore;
import io.pitstop.step.Rollback;
import io.pitstop.step.ScriptSafety;
import io.pitstop.step.SmokeTest;
import io.pitstop.step.Status;
import io.pitstop.step.SwitchTraffic;
import io.pitstop.step.Visit;
import io.pitstop.step.WayBack;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.ContractSubject;
import io.pitstop.step.approval.DeploySubject;
import io.pitstop.step.approval.Sightings;
import io.pitstop.step.approval.SwitchSubject;
import io.pitstop.step.inquiry.ComparisonEvidence;
import io.pitstop.step.inquiry.ContractEvidence;
import io.pitstop.step.inquiry.DrainWait;
import io.pitstop.step.inquiry.Inquiry;
import io.pitstop.step.shift.HealthWait;
import io.pitstop.step.shift.SwitchNotes;
import io.pitstop.traffic.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One node with its own build: the real steps, wired as the command line wires them, to the stage. */
final class Agent {
    static final Duration CONTRACT_AFTER = Duration.ofHours(24);
    static final ShiftConfig SHIFT = new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(50, 100), Duration.ofHours(1));
    private static final Optional<String> CURRENT = Optional.empty();
    private static final Grammar GRAMMAR = new Grammar();

    private final Path root;
    private final MigrationsConfig folders;
    private final Idle idle;
    private final Database database;
    private final ReleaseJournal journal;
    private final Facade outside;
    private final Readiness readiness;
    private Runnable beforeOthersSee = () -> {};
    private Runnable beforeLocks = () -> {};

    Agent(String name, Stage stage, Path root, Idle idle) {
        this.root = root;
        this.idle = idle;
        this.folders = new MigrationsConfig(
                root.resolve("migration"),
                root.resolve("backfill"),
                root.resolve("finish"),
                root.resolve("contract"),
                root.resolve("restore"));
        String url =
                stage.server().url() + "?" + Wire.parameters(name) + "&options=-c%20search_path=public,fake,pg_catalog";
        DatabaseConfig config =
                new DatabaseConfig(url, Duration.ofMillis(200), Duration.ofSeconds(10), "{application}-{colour}");
        this.database = Database.from(config, "blog", stage.server().environment());
        this.journal = new ReleaseJournal(database, "blog", new Actor("ann", "build-" + name, "node-" + name));
        this.outside = new Facade(stage, () -> {
            beforeLocks.run();
            beforeOthersSee.run();
        });
        this.readiness = new Readiness(outside, new HealthPolicy(1, 1, 1), Duration.ofMillis(1));
        Wire.tap(name, this::tell);
    }

    /**
     * @param beforeOthersSee runs before anything that outlives the agent: an action outside, a commit
     * @param beforeLocks runs where the agent, frozen, would stand in nobody's way
     */
    void watched(Runnable beforeOthersSee, Runnable beforeLocks) {
        this.beforeOthersSee = beforeOthersSee;
        this.beforeLocks = beforeLocks;
    }

    void unwatched() {
        watched(() -> {}, () -> {});
    }

    private void tell(Wire.Moment moment) {
        if (moment == Wire.Moment.BEGIN) {
            beforeLocks.run();
        }
        if (moment != Wire.Moment.BEGIN) {
            beforeOthersSee.run();
        }
    }

    void expand() {
        new MigrateExpand(journal, outside, outside, migrations(), contracts(), safety())
                .run(CURRENT, Optional.of("2"));
    }

    void deploy() {
        new DeployGreen(journal, outside, deploying(), approvals(), health()).run(CURRENT, CURRENT);
    }

    void backfill() {
        new Backfill(journal, job(folders.backfill()), finish(), new Statistics(database), outside::figures, line -> {})
                .run(CURRENT);
    }

    void smokeTest() {
        SmokeSuite suite = SmokeSuite.from(List.of(), root, Map.of(), line -> {});
        new SmokeTest(journal, outside, suite, report -> {}).run(CURRENT, false);
    }

    /** @return true if a split is held whose bake is not over */
    boolean switchTraffic(Visit visit, boolean healthy) {
        SwitchTraffic.Watch watch = (url, candidate, stretch, look) -> {
            look.run();
            return new BakeResult(healthy, List.of(), List.of());
        };
        return new SwitchTraffic(journal, outside, readiness, outside, watch, approvals(), notes(), line -> {})
                .run(CURRENT, SHIFT, visit)
                .baking();
    }

    void contract() {
        ContractEvidence evidence = new ContractEvidence(
                journal,
                outside,
                sessions(),
                job(folders.backfill()),
                CONTRACT_AFTER,
                new DrainWait(outside, Duration.ZERO, line -> {}),
                new ComparisonEvidence(new Comparisons(database, folders.backfill())),
                Agent::quiet);
        ContractScripts scripts = new ContractScripts(contracts(), archive());
        new Contract(journal, evidence, outside, idle, scripts, approvals(), safety()).run(CURRENT, CURRENT);
    }

    void rollback(boolean abandon) {
        Rollback.StandDown standDown = lease -> {
            archive().standDown(lease);
            return Optional.empty();
        };
        new Rollback(journal, outside, readiness, wayBack(), standDown).run(CURRENT, abandon);
    }

    void restore() {
        Restore.Opening opening = (lease, strict) -> Restoration.begin(database, lease, strict, line -> {});
        new Restore(journal, opening, job(folders.restore()), contracts(), new Statistics(database), line -> {})
                .run(CURRENT);
    }

    void approve(Approvable step, String no) {
        Sightings sightings = new Sightings(outside, sessions(), job(folders.backfill()), new StatementLog(database));
        Approve approve = new Approve(journal, outside, approvals(), sightings, CONTRACT_AFTER, (release, why) -> {});
        approve.run(
                CURRENT,
                new Approve.Question(step, SHIFT, Optional.empty()),
                Optional.of(new Approve.Answer("eve", Optional.empty(), no)));
    }

    /** The commands that status says may be run next. */
    List<String> promised() {
        return new Status(journal, outside, CONTRACT_AFTER, Set.of())
                .read(CURRENT)
                .map(Status.Report::next)
                .orElse(List.of("migrate-expand"));
    }

    private SwitchNotes notes() {
        ContractDrops drops = new ContractDrops(() -> GRAMMAR);
        Departures departures = new Departures(database, drops);
        return new SwitchNotes(new StatementLog(database), contracts(), drops, departures, line -> {});
    }

    /** What the server counts of statements cannot be put back as it was; the question has tests of its own. */
    private static Inquiry.Answer quiet(Lease lease) {
        return new Inquiry.Answer(List.of("no statement of the old version"), List.of());
    }

    private WayBack wayBack() {
        Departures departures = new Departures(database, new ContractDrops(() -> GRAMMAR));
        return new WayBack(journal, readiness, departures, new DualWrites(database), sessions());
    }

    private Migrations migrations() {
        return Migrations.expand(database, folders, line -> {});
    }

    private Migrations finish() {
        return Migrations.finish(database, folders, line -> {});
    }

    private Migrations contracts() {
        return Migrations.contract(database, folders, line -> {});
    }

    private BackfillJob job(Path folder) {
        return new BackfillJob(
                database,
                folder,
                new BackfillSettings(100, BackfillSettings.DEFAULT_BATCH_TIME, 1, Set.of()),
                line -> {});
    }

    private Archive archive() {
        return new Archive(database, new ContractDrops(() -> GRAMMAR), line -> {});
    }

    private ScriptSafety safety() {
        Checks checks = new Checks(folders, root, () -> ServerVersion.OLDEST, TrialJudge.off());
        return new ScriptSafety(checks, migrations(), finish(), contracts(), line -> {});
    }

    private Approvals approvals() {
        return new Approvals(
                journal,
                Set.of(Approvable.SWITCH_TRAFFIC),
                deploying(),
                new SwitchSubject(journal, Map.of(), List.of(migrations(), finish())),
                new ContractSubject(CONTRACT_AFTER, idle, contracts(), scripts -> List.of()));
    }

    private DeploySubject deploying() {
        return new DeploySubject(outside, health());
    }

    private HealthWait health() {
        return new HealthWait(readiness, Duration.ZERO);
    }

    private ColourSessions sessions() {
        return new ColourSessions(database, "blog");
    }
}
