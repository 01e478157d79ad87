package io.pitstop.cli;

import io.pitstop.archive.Archive;
import io.pitstop.archive.Archives;
import io.pitstop.archive.Restoration;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.DatabaseHealth;
import io.pitstop.database.Statistics;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.gate.Bake;
import io.pitstop.gate.BakeTime;
import io.pitstop.gate.Candidate;
import io.pitstop.gate.Gate;
import io.pitstop.gate.Gates;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.smoke.JUnitReport;
import io.pitstop.smoke.SmokeSuite;
import io.pitstop.step.Approvals;
import io.pitstop.step.Approve;
import io.pitstop.step.Backfill;
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
import io.pitstop.step.WayBack;
import io.pitstop.traffic.Readiness;
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
    private final Systems systems;
    private final Evidence evidence;

    private Wiring(PitstopConfig config, Map<String, String> environment, Consumer<String> progress) {
        this.config = config;
        this.environment = environment;
        this.progress = progress;
        this.systems = new Systems(config, environment, progress);
        this.evidence = new Evidence(config, systems, progress);
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
        return new MigrateExpand(
                systems.journal(), router(), systems.environments(), systems.expand(), systems.dropping(), safety());
    }

    DeployGreen deployGreen() {
        HealthWait health =
                new HealthWait(readiness(), config.environments().health().within());
        return new DeployGreen(systems.journal(), router(), systems.environments(), health);
    }

    /** @param batchRows most rows of one transaction */
    Backfill backfill(int batchRows) {
        return new Backfill(
                systems.journal(),
                backfillJob(batchRows),
                systems.finish(),
                new Statistics(systems.database()),
                progress);
    }

    /** @param junit file for the checks as JUnit XML */
    SmokeTest smokeTest(Optional<Path> junit) {
        return new SmokeTest(
                systems.journal(),
                systems.environments(),
                SmokeSuite.from(config.smoke(), config.folder(), environment, progress),
                report -> junit.ifPresent(file -> JUnitReport.write(report, file)));
    }

    Approve approve() {
        Sightings sightings = new Sightings(
                router(), systems.sessions(), backfillJob(BackfillJob.DEFAULT_BATCH_ROWS), evidence.statements());
        return new Approve(
                systems.journal(),
                router(),
                approvals(),
                sightings,
                config.contract().after());
    }

    SwitchTraffic switchTraffic() {
        TrafficRouter router = router();
        SwitchTraffic.Watch watch = (address, candidate, stretch, beforeEachLook) -> {
            List<Gate> gates = Gates.from(
                    config.gates(),
                    new Candidate(config.application(), candidate, address, () -> router.figures(candidate)),
                    environment,
                    systems::aws);
            return new Bake(gates, beforeEachLook, progress, BakeTime.REAL).hold(stretch);
        };
        return new SwitchTraffic(
                systems.journal(),
                router,
                systems.readiness(router),
                systems.environments(),
                watch,
                approvals(),
                evidence.atSwitch(),
                progress);
    }

    Contract contract() {
        ContractEvidence proof = evidence.beforeContract(backfillJob(BackfillJob.DEFAULT_BATCH_ROWS));
        return new Contract(
                systems.journal(),
                proof,
                systems.environments(),
                config.environments().idle(),
                contractScripts(),
                approvals(),
                safety());
    }

    Restore restore() {
        Restore.Opening opening = (lease, strict) -> Restoration.begin(systems.database(), lease, strict, progress);
        BackfillJob reverse = new BackfillJob(
                systems.database(), config.migrations().restore(), BackfillJob.DEFAULT_BATCH_ROWS, progress);
        return new Restore(
                systems.journal(), opening, reverse, systems.dropping(), new Statistics(systems.database()), progress);
    }

    Purge purge() {
        return new Purge(systems.journal(), archives(), config.contract().retain(), progress);
    }

    Archives archives() {
        return new Archives(systems.database(), config.application());
    }

    Rollback rollback() {
        return new Rollback(systems.journal(), router(), readiness(), wayBack(), this::standDown);
    }

    WayBack wayBack() {
        return evidence.wayBack(readiness());
    }

    Status status() {
        return new Status(systems.journal(), router(), config.contract().after(), config.approvals());
    }

    Plan plan() {
        return new Plan(router(), systems.environments(), systems.expand(), systems.finish(), systems.dropping());
    }

    Doctor doctor() {
        return new Doctor(
                systems::terraformVersion,
                systems.database(),
                systems.sessions(),
                router(),
                readiness(),
                systems::observations,
                systems.environments(),
                List.of(systems.expand(), systems.finish(), systems.dropping()));
    }

    /** The release of a result as it is now; empty if the step worked without the journal. */
    Optional<Release> release(StepResult result) {
        return result.release().isEmpty()
                ? Optional.empty()
                : Optional.of(systems.journal().load(result.release()));
    }

    Consumer<String> progress() {
        return progress;
    }

    TrafficRouter router() {
        return systems.router();
    }

    Readiness readiness() {
        return systems.readiness(router());
    }

    private Approvals approvals() {
        SwitchSubject switching = new SwitchSubject(
                systems.journal(), new Settings(config).marked("gates"), List.of(systems.expand(), systems.finish()));
        ContractSubject contracting = new ContractSubject(
                config.contract().after(), config.environments().idle(), systems.dropping(), this::findings);
        return new Approvals(systems.journal(), Set.copyOf(config.approvals()), switching, contracting);
    }

    private List<Finding> findings(List<Path> scripts) {
        return checks().judge(Selection.of(scripts)).all();
    }

    private ScriptSafety safety() {
        return new ScriptSafety(checks(), systems.expand(), systems.finish(), systems.dropping(), progress);
    }

    /** For the server that the scripts will run on; findings name files from the folder of pitstop.yml on. */
    private Checks checks() {
        return new Checks(config.migrations(), config.folder(), this::server);
    }

    private ServerVersion server() {
        return ServerVersion.ofNumber(DatabaseHealth.read(systems.database()).versionNumber());
    }

    private BackfillJob backfillJob(int batchRows) {
        return new BackfillJob(systems.database(), config.migrations().backfill(), batchRows, progress);
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
        return new ContractScripts(systems.dropping(), archive(config.database()));
    }

    private Archive archive(DatabaseConfig limits) {
        return new Archive(systems.database(limits), new ContractDrops(evidence::grammar), progress);
    }
}
