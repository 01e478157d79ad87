package io.pitstop.cli.wiring;

import io.pitstop.archive.Archives;
import io.pitstop.backfill.BackfillFigures;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.backfill.brake.Orders;
import io.pitstop.config.PitstopConfig;
import io.pitstop.config.ShiftConfig;
import io.pitstop.database.Statistics;
import io.pitstop.database.Vitals;
import io.pitstop.gate.Bake;
import io.pitstop.gate.BakeTime;
import io.pitstop.gate.Candidate;
import io.pitstop.gate.Gate;
import io.pitstop.gate.Gates;
import io.pitstop.metrics.Meters;
import io.pitstop.notify.Announcements;
import io.pitstop.release.Actor;
import io.pitstop.release.Release;
import io.pitstop.smoke.JUnitReport;
import io.pitstop.smoke.SmokeSuite;
import io.pitstop.step.ApplyTraffic;
import io.pitstop.step.Approve;
import io.pitstop.step.Backfill;
import io.pitstop.step.BackfillOrders;
import io.pitstop.step.Contract;
import io.pitstop.step.DeployGreen;
import io.pitstop.step.MigrateExpand;
import io.pitstop.step.Purge;
import io.pitstop.step.Restore;
import io.pitstop.step.Rollback;
import io.pitstop.step.SetbackLog;
import io.pitstop.step.SmokeTest;
import io.pitstop.step.Status;
import io.pitstop.step.StepResult;
import io.pitstop.step.SwitchTraffic;
import io.pitstop.step.WayBack;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.ContractSubject;
import io.pitstop.step.approval.DeploySubject;
import io.pitstop.step.approval.SwitchSubject;
import io.pitstop.step.shift.HealthWait;
import io.pitstop.telemetry.BackfillMeters;
import io.pitstop.telemetry.MeteredGate;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.TrafficRouter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Builds every step from the configuration: plain constructor calls, in one place. */
public final class Wiring {
    private final PitstopConfig config;
    private final Map<String, String> environment;
    private final Consumer<String> progress;
    private final Meters meters;
    private final Systems systems;
    private final Archiving archiving;
    private final Evidence evidence;
    private final Checking checking;

    private Wiring(
            PitstopConfig config,
            Map<String, String> environment,
            Consumer<String> progress,
            Meters meters,
            Consumer<Release> noticed) {
        this.config = config;
        this.environment = environment;
        this.progress = progress;
        this.meters = meters;
        this.systems = new Systems(config, environment, progress, meters, noticed);
        this.evidence = new Evidence(config, systems, progress);
        this.archiving = new Archiving(config.database(), systems, evidence::grammar, progress);
        this.checking = new Checking(config, systems, environment, progress);
    }

    /** @param progress receives lines for people while a step runs */
    public static Wiring from(Path configFile, Consumer<String> progress) {
        return of(PitstopConfig.load(configFile, System.getenv()), System.getenv(), progress);
    }

    public static Wiring of(PitstopConfig config, Map<String, String> environment, Consumer<String> progress) {
        return new Wiring(config, environment, progress, Meters.NONE, release -> {});
    }

    /** The same, but what is built gives its figures to {@code other}, and {@code noticed} the release it works on. */
    public Wiring watchedBy(Meters other, Consumer<Release> noticed) {
        return new Wiring(config, environment, progress, other, noticed);
    }

    public Vitals vitals() {
        return new Vitals(systems.database(), meters);
    }

    public PitstopConfig config() {
        return config;
    }

    public MigrateExpand migrateExpand() {
        return new MigrateExpand(
                systems.journal(),
                router(),
                systems.environments(),
                systems.expand(),
                systems.dropping(),
                checking.safety());
    }

    public DeployGreen deployGreen() {
        return new DeployGreen(systems.journal(), router(), deploying(), approvals(), healthWait());
    }

    /**
     * @param settings how to run it
     * @param shown makes of who gets the figures one who shows them, too
     */
    public Backfill backfill(BackfillSettings settings, UnaryOperator<BackfillFigures.Listener> shown) {
        return new Backfill(
                systems.journal(),
                backfillJob(settings, shown),
                systems.finish(),
                new Statistics(systems.database()),
                router()::figures,
                progress);
    }

    public BackfillOrders backfillOrders() {
        return new BackfillOrders(
                systems.journal(),
                new Orders(systems.database()),
                Actor.from(environment).person());
    }

    /** @param junit file for the checks as JUnit XML */
    public SmokeTest smokeTest(Optional<Path> junit) {
        return new SmokeTest(
                systems.journal(),
                systems.environments(),
                SmokeSuite.from(config.smoke(), config.folder(), environment, progress),
                report -> junit.ifPresent(file -> JUnitReport.write(report, file)));
    }

    public Approve approve() {
        BackfillJob backfill = backfillJob(BackfillSettings.DEFAULT);
        return new Approve(
                systems.journal(),
                router(),
                approvals(),
                evidence.sightings(backfill),
                config.contract().after(),
                (release, reason) -> evidence.beforeContract(backfill).accept(release, reason));
    }

    /** @param shift for which it warns of gates that cannot tell within its bakes */
    public SwitchTraffic switchTraffic(ShiftConfig shift) {
        GateTimes.tooShort(config.gates(), shift.bake())
                .forEach(gate -> progress.accept("warning: " + gate + ". " + GateTimes.HINT));
        TrafficRouter router = router();
        SwitchTraffic.Watch watch = (address, candidate, stretch, beforeEachLook) -> {
            List<Gate> gates = Gates.from(
                            config.gates(),
                            new Candidate(config.application(), candidate, address, () -> router.figures(candidate)),
                            environment,
                            systems::aws,
                            systems::database)
                    .stream()
                    .<Gate>map(gate -> new MeteredGate(gate, meters))
                    .toList();
            try {
                return new Bake(gates, beforeEachLook, progress, BakeTime.REAL).hold(stretch);
            } finally {
                gates.forEach(Gate::close);
            }
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

    public Contract contract() {
        return new Contract(
                systems.journal(),
                evidence.beforeContract(backfillJob(BackfillSettings.DEFAULT)),
                systems.environments(),
                config.environments().idle(),
                archiving.contractScripts(),
                approvals(),
                checking.safety());
    }

    public Restore restore() {
        return archiving.restore(config.migrations().restore());
    }

    public Purge purge() {
        return new Purge(systems.journal(), archives(), config.contract().retain(), progress);
    }

    public Archives archives() {
        return new Archives(systems.database(), config.application());
    }

    public Rollback rollback() {
        return new Rollback(systems.journal(), router(), readiness(), wayBack(), archiving::standDown);
    }

    public WayBack wayBack() {
        return evidence.wayBack(readiness());
    }

    public ApplyTraffic applyTraffic() {
        return new ApplyTraffic(systems.journal(), router(), systems.trafficState(), progress);
    }

    public SetbackLog setbacks() {
        return new SetbackLog(systems.journal(), Actor.from(environment));
    }

    public Status status() {
        return new Status(systems.journal(), router(), config.contract().after(), config.approvals());
    }

    /** What looks at a release and its systems, and changes nothing. */
    public Looks looks() {
        return new Looks(config, systems, status(), archives(), readiness());
    }

    /**
     * @param step the command that people are told of
     * @param warnings gets a line for each receiver that was not told
     */
    public Announcements announcements(String step, Consumer<String> warnings) {
        return new Announcements(config, step, environment, systems::journal, warnings);
    }

    /** The release of a result as it is now; empty if the step worked without the journal. */
    public Optional<Release> release(StepResult result) {
        return result.release().isEmpty()
                ? Optional.empty()
                : Optional.of(systems.journal().load(result.release()));
    }

    public Consumer<String> progress() {
        return progress;
    }

    public TrafficRouter router() {
        return systems.router();
    }

    public Readiness readiness() {
        return systems.readiness(router());
    }

    private Approvals approvals() {
        SwitchSubject switching = new SwitchSubject(
                systems.journal(), new Settings(config).marked("gates"), List.of(systems.expand(), systems.finish()));
        ContractSubject contracting = new ContractSubject(
                config.contract().after(), config.environments().idle(), systems.dropping(), checking::findings);
        return new Approvals(systems.journal(), Set.copyOf(config.approvals()), deploying(), switching, contracting);
    }

    private DeploySubject deploying() {
        return new DeploySubject(systems.environments(), healthWait());
    }

    private HealthWait healthWait() {
        return new HealthWait(readiness(), config.environments().health().within());
    }

    private BackfillJob backfillJob(BackfillSettings settings) {
        return backfillJob(settings, figures -> figures);
    }

    private BackfillJob backfillJob(BackfillSettings settings, UnaryOperator<BackfillFigures.Listener> shown) {
        return new BackfillJob(
                systems.database(),
                config.migrations().backfill(),
                settings,
                progress,
                shown.apply(new BackfillMeters(meters)));
    }
}
