package io.pitstop.cli;

import io.pitstop.archive.Archive;
import io.pitstop.archive.Archives;
import io.pitstop.archive.Restoration;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.backfill.brake.Orders;
import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.Database;
import io.pitstop.database.DatabaseHealth;
import io.pitstop.database.Statistics;
import io.pitstop.environment.Environments;
import io.pitstop.environment.TerraformEnvironments;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.gate.Bake;
import io.pitstop.gate.BakeTime;
import io.pitstop.gate.Gate;
import io.pitstop.gate.Gates;
import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Terraform;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Actor;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.smoke.JUnitReport;
import io.pitstop.smoke.SmokeSuite;
import io.pitstop.step.Approvals;
import io.pitstop.step.Approve;
import io.pitstop.step.Backfill;
import io.pitstop.step.BackfillOrders;
import io.pitstop.step.Contract;
import io.pitstop.step.ContractDrops;
import io.pitstop.step.ContractEvidence;
import io.pitstop.step.ContractScripts;
import io.pitstop.step.ContractSubject;
import io.pitstop.step.DeployGreen;
import io.pitstop.step.Doctor;
import io.pitstop.step.HealthWait;
import io.pitstop.step.MigrateExpand;
import io.pitstop.step.Plan;
import io.pitstop.step.Purge;
import io.pitstop.step.Restore;
import io.pitstop.step.Rollback;
import io.pitstop.step.ScriptSafety;
import io.pitstop.step.Sightings;
import io.pitstop.step.SmokeTest;
import io.pitstop.step.Status;
import io.pitstop.step.StepResult;
import io.pitstop.step.SwitchSubject;
import io.pitstop.step.SwitchTraffic;
import io.pitstop.traffic.Routers;
import io.pitstop.traffic.TrafficRouter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Builds every step from the configuration: plain constructor calls, in one place. */
final class Wiring {
    private static final Duration STAND_DOWN_WITHIN = Duration.ofSeconds(5);

    private final PitstopConfig config;
    private final Map<String, String> environment;
    private final Consumer<String> progress;

    private Wiring(PitstopConfig config, Map<String, String> environment, Consumer<String> progress) {
        this.config = config;
        this.environment = environment;
        this.progress = progress;
    }

    /** @param progress receives lines for people while a step runs */
    static Wiring from(Path configFile, Consumer<String> progress) {
        return of(PitstopConfig.load(configFile, System.getenv()), System.getenv(), progress);
    }

    static Wiring of(PitstopConfig config, Map<String, String> environment, Consumer<String> progress) {
        return new Wiring(config, environment, progress);
    }

    PitstopConfig config() {
        return config;
    }

    MigrateExpand migrateExpand() {
        return new MigrateExpand(journal(), router(), environments(), expand(), dropping(), safety());
    }

    DeployGreen deployGreen() {
        HealthWait health =
                new HealthWait(router(), config.environments().health().within());
        return new DeployGreen(journal(), router(), environments(), health);
    }

    /** @param settings how to run it */
    Backfill backfill(BackfillSettings settings) {
        return new Backfill(journal(), backfillJob(settings), finish(), new Statistics(database()), progress);
    }

    BackfillOrders backfillOrders() {
        return new BackfillOrders(
                journal(), new Orders(database()), Actor.from(environment).person());
    }

    /** @param junit file for the checks as JUnit XML */
    SmokeTest smokeTest(Optional<Path> junit) {
        return new SmokeTest(
                journal(),
                environments(),
                SmokeSuite.from(config.smoke(), config.folder(), environment, progress),
                report -> junit.ifPresent(file -> JUnitReport.write(report, file)));
    }

    Approve approve() {
        Sightings sightings = new Sightings(router(), sessions(), backfillJob(BackfillSettings.DEFAULT));
        return new Approve(
                journal(), router(), approvals(), sightings, config.contract().after());
    }

    SwitchTraffic switchTraffic() {
        TrafficRouter router = router();
        SwitchTraffic.Watch watch = (address, candidate, stretch, beforeEachLook) -> {
            List<Gate> gates = Gates.from(config.gates(), address, () -> router.figures(candidate));
            return new Bake(gates, beforeEachLook, progress, BakeTime.REAL).hold(stretch);
        };
        return new SwitchTraffic(journal(), router, environments(), watch, approvals(), progress);
    }

    Contract contract() {
        ContractEvidence evidence = new ContractEvidence(
                journal(),
                router(),
                sessions(),
                backfillJob(BackfillSettings.DEFAULT),
                config.contract().after());
        return new Contract(
                journal(), evidence, environments(), destroysIdle(), contractScripts(), approvals(), safety());
    }

    Restore restore() {
        Restore.Opening opening = (lease, strict) -> Restoration.begin(database(), lease, strict, progress);
        BackfillJob reverse =
                new BackfillJob(database(), config.migrations().restore(), BackfillSettings.DEFAULT, progress);
        return new Restore(journal(), opening, reverse, dropping(), new Statistics(database()), progress);
    }

    Purge purge() {
        return new Purge(journal(), archives(), config.contract().retain(), progress);
    }

    Archives archives() {
        return new Archives(database(), config.application());
    }

    Rollback rollback() {
        return new Rollback(journal(), router(), this::standDown);
    }

    Status status() {
        return new Status(journal(), router(), config.contract().after(), config.approvals());
    }

    Plan plan() {
        return new Plan(router(), environments(), expand(), finish(), dropping());
    }

    Doctor doctor() {
        return new Doctor(
                this::terraformVersion,
                database(),
                sessions(),
                router(),
                environments(),
                List.of(expand(), finish(), dropping()));
    }

    /** The release of a result as it is now; empty if the step worked without the journal. */
    Optional<Release> release(StepResult result) {
        return result.release().isEmpty()
                ? Optional.empty()
                : Optional.of(journal().load(result.release()));
    }

    Consumer<String> progress() {
        return progress;
    }

    TrafficRouter router() {
        return Routers.open(config.traffic());
    }

    private Approvals approvals() {
        SwitchSubject switching =
                new SwitchSubject(journal(), new Settings(config).marked("gates"), List.of(expand(), finish()));
        ContractSubject contracting =
                new ContractSubject(config.contract().after(), destroysIdle(), dropping(), this::findings);
        return new Approvals(journal(), Set.copyOf(config.approvals()), switching, contracting);
    }

    private List<Finding> findings(List<Path> scripts) {
        return checks().judge(Selection.of(scripts)).all();
    }

    private ScriptSafety safety() {
        return new ScriptSafety(checks(), expand(), finish(), dropping(), progress);
    }

    /** For the server that the scripts will run on; findings name files from the folder of pitstop.yml on. */
    private Checks checks() {
        return new Checks(config.migrations(), config.folder(), this::server);
    }

    private ServerVersion server() {
        return ServerVersion.ofNumber(DatabaseHealth.read(database()).versionNumber());
    }

    private boolean destroysIdle() {
        return config.environments().idle() == Idle.DESTROY;
    }

    private ReleaseJournal journal() {
        return new ReleaseJournal(database(), config.application(), Actor.from(environment));
    }

    private Database database() {
        return Database.from(config.database(), config.application(), environment);
    }

    private ColourSessions sessions() {
        return new ColourSessions(database(), config.application());
    }

    private Environments environments() {
        return new TerraformEnvironments(
                config.application(), config.environments(), config.folder(), environment, progress);
    }

    private BackfillJob backfillJob(BackfillSettings settings) {
        return new BackfillJob(database(), config.migrations().backfill(), settings, progress);
    }

    private Migrations expand() {
        return Migrations.expand(database(), config.migrations(), progress);
    }

    private Migrations finish() {
        return Migrations.finish(database(), config.migrations(), progress);
    }

    /** Users are back already; what is left to do for them must not take long, nor fail the rollback. */
    private void standDown(Lease lease) {
        DatabaseConfig limits = config.database();
        Duration briefly =
                limits.lockWithin().compareTo(STAND_DOWN_WITHIN) < 0 ? limits.lockWithin() : STAND_DOWN_WITHIN;
        try {
            archive(new DatabaseConfig(limits.url(), limits.lockTimeout(), briefly, limits.sessions()))
                    .standDown(lease)
                    .forEach(what -> progress.accept("the archive of " + what + ", begun by contract, is gone"));
        } catch (DependencyFailed | MoveRefused left) {
            progress.accept("triggers of the archive that contract began are left: " + left.getMessage());
        }
    }

    private ContractScripts contractScripts() {
        return new ContractScripts(dropping(), archive(config.database()));
    }

    private Archive archive(DatabaseConfig limits) {
        Database database = Database.from(limits, config.application(), environment);
        return new Archive(database, new ContractDrops(Grammar::new), progress);
    }

    /** The migrations of the contract step. */
    private Migrations dropping() {
        return Migrations.contract(database(), config.migrations(), progress);
    }

    private String terraformVersion() {
        Path module = config.environments().terraform();
        Limits limits = new Limits(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ZERO);
        return new Terraform(
                        module, config.folder().resolve(".pitstop/terraform/doctor"), environment, limits, progress)
                .version();
    }
}
