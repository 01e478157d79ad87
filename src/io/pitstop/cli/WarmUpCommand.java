package io.pitstop.cli;

import io.pitstop.aws.Aws;
import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.cli.output.Json;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.PerColour;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.Database;
import io.pitstop.error.PitstopException;
import io.pitstop.migration.Migrations;
import io.pitstop.traffic.Routers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/** Loads the classes of a typical command, for the launcher's archive of them; touches nothing outside the process. */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    /** Nobody listens on port 1: what is loaded is the way to the network, not what comes back. */
    private static final String CONFIG =
            """
            application: warm-up
            database: { url: "jdbc:postgresql://127.0.0.1:1/none" }
            environments: { terraform: none, health: { path: / } }
            traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
            smoke: [{ http: { path: / } }]
            gates: [{ router: { errors: 1% } }]
            """;

    /** The way to a router on AWS is another one. */
    private static final AlbConfig ALB = new AlbConfig(
            Optional.of("arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/none/0/0"),
            Optional.empty(),
            Map.of(),
            443,
            Optional.empty(),
            new PerColour("arn:blue", "arn:green"),
            AlbConfig.Stickiness.WAIT,
            Duration.ofSeconds(1));

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("pitstop-warm-up-");
        Path file = Files.writeString(folder.resolve("pitstop.yml"), CONFIG);
        Path token = Files.writeString(folder.resolve("token"), "none");
        Path migration = Files.createDirectories(folder.resolve("db/migration"));
        Path script = Files.writeString(migration.resolve("V1__none.sql"), "ALTER TABLE none ADD COLUMN none int;");
        try {
            touch(PitstopConfig.load(file, Map.of()), folder);
        } finally {
            for (Path each : List.of(token, file, script, migration, migration.getParent(), folder)) {
                Files.deleteIfExists(each);
            }
        }
        return 0;
    }

    private static void touch(PitstopConfig config, Path folder) throws IOException {
        Database database = Database.from(config.database(), config.application(), Map.of("PITSTOP_DB_USER", "none"));
        attempt(() ->
                Migrations.expand(database, config.migrations(), line -> {}).pending());
        Wiring wiring = Wiring.of(config, Map.of("PITSTOP_DB_USER", "none"), line -> {});
        attempt(() -> wiring.router().split());
        attempt(() -> Routers.open(ALB, Aws.nowhere()).split());
        attempt(() -> wiring.status());
        Json.mapper().writeValueAsString(config);
        new Checks(config.migrations(), folder, () -> ServerVersion.OLDEST, TrialJudge.off())
                .judge(Selection.everything());
        Main.commandLine().usage(new PrintWriter(new StringWriter()));
    }

    private static void attempt(Supplier<Object> action) {
        try {
            action.get();
        } catch (PitstopException expected) {
            // It has loaded what it needs to fail, which is most of what it needs.
            return;
        }
    }
}
