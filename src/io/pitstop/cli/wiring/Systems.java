package io.pitstop.cli.wiring;

import io.pitstop.aws.Aws;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.PitstopConfig;
import io.pitstop.config.TrafficStateConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Logins;
import io.pitstop.environment.Environments;
import io.pitstop.environment.TerraformEnvironments;
import io.pitstop.error.InvalidConfig;
import io.pitstop.jtf.Backend;
import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Terraform;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import io.pitstop.migration.Migrations;
import io.pitstop.notify.Announcements;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.telemetry.MeteredEnvironments;
import io.pitstop.telemetry.MeteredRouter;
import io.pitstop.traffic.Observation;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.Routers;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.TrafficState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Everything outside of the process that pitstop.yml names: database, router, environments, and what is kept in them. */
final class Systems {
    private static final Limits DOCTOR = new Limits(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ZERO);

    private final PitstopConfig config;
    private final Map<String, String> environment;
    private final Consumer<String> progress;
    private final Meters meters;
    private final Consumer<Release> noticed;
    private final Optional<Logins> logins;
    private TrafficRouter router;

    /**
     * @param meters get the figures of what is built here
     * @param noticed gets the release that a step works on
     */
    Systems(
            PitstopConfig config,
            Map<String, String> environment,
            Consumer<String> progress,
            Meters meters,
            Consumer<Release> noticed) {
        this.config = config;
        this.environment = environment;
        this.progress = progress;
        this.meters = meters;
        this.noticed = noticed;
        this.logins = logins();
    }

    /** Where the figures of what is built go. */
    Meters meters() {
        return meters;
    }

    Aws aws() {
        return new Aws(config.aws()).telling(() -> meters.count(Meter.RETRIES, 1, "aws"));
    }

    /** The same one for all that a command does: what it has found once, it does not look for again. */
    TrafficRouter router() {
        if (router == null) {
            router = new MeteredRouter(Routers.open(config.traffic().router(), aws(), meters), meters);
        }
        return router;
    }

    /** What a release needs beside the split itself. */
    List<Observation> observations() {
        Stream<Observation> gates = GateTimes.tooShort(
                        config.gates(), config.traffic().shift().bake())
                .stream()
                .map(gate -> Observation.bad("gates", gate, GateTimes.HINT));
        return Stream.of(
                        Routers.observe(config.traffic().router(), aws()).stream(),
                        gates,
                        Announcements.examine(config.notifications(), environment).stream())
                .flatMap(seen -> seen)
                .toList();
    }

    Readiness readiness(TrafficRouter router) {
        return new Readiness(router, config.traffic().health(), Readiness.PAUSE);
    }

    Environments environments() {
        return new MeteredEnvironments(terraformed(), meters);
    }

    private Environments terraformed() {
        if (config.traffic().router() instanceof AlbConfig alb) {
            return new TerraformEnvironments(
                    config.application(),
                    config.environments(),
                    alb.targetGroups(),
                    config.folder(),
                    environment,
                    progress);
        }
        return new TerraformEnvironments(
                config.application(), config.environments(), config.folder(), environment, progress);
    }

    /** @throws InvalidConfig if pitstop.yml names no module of the traffic */
    TrafficState trafficState() {
        TrafficStateConfig module = config.traffic()
                .state()
                .orElseThrow(() -> new InvalidConfig(
                        config.file() + " names no Terraform module of the traffic.",
                        "Name its folder as traffic.terraform."));
        return new TrafficState(
                config.application(),
                module,
                config.folder(),
                config.environments().timeout(),
                environment,
                progress);
    }

    /** Where the states of the colours lie. */
    Optional<Backend> backend() {
        Path data = config.folder().resolve(".pitstop/terraform").resolve(Colour.BLUE.toString());
        return new Terraform(config.environments().terraform(), data, environment, DOCTOR, progress).backend();
    }

    Database database() {
        return database(config.database());
    }

    /** @param limits other ones than those of pitstop.yml */
    Database database(DatabaseConfig limits) {
        return logins.map(stored -> new Database(limits, config.application(), stored))
                .orElseGet(() -> Database.from(limits, config.application(), environment));
    }

    /** What AWS keeps, unless the variables say it all. */
    private Optional<Logins> logins() {
        return config.database()
                .credentials()
                .filter(where -> !Database.hasPassword(environment))
                .map(where -> new SecretLogins(where, Database.user(environment), this::aws));
    }

    ReleaseJournal journal() {
        return new ReleaseJournal(database(), config.application(), Actor.from(environment), noticed);
    }

    ColourSessions sessions() {
        return new ColourSessions(database(), config.application());
    }

    Migrations expand() {
        return Migrations.expand(database(), config.migrations(), progress).measuredBy(meters);
    }

    Migrations finish() {
        return Migrations.finish(database(), config.migrations(), progress).measuredBy(meters);
    }

    /** The migrations of the contract step. */
    Migrations dropping() {
        return Migrations.contract(database(), config.migrations(), progress).measuredBy(meters);
    }

    String terraformVersion() {
        Path module = config.environments().terraform();
        return new Terraform(
                        module, config.folder().resolve(".pitstop/terraform/doctor"), environment, DOCTOR, progress)
                .version();
    }
}
