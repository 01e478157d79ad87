package io.pitstop.cli.wiring;

import io.pitstop.check.live.Recording;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.trial.LocalServer;
import io.pitstop.check.trial.ScratchSource;
import io.pitstop.check.trial.ScratchUrl;
import io.pitstop.check.trial.Sizes;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.CheckConfig;
import io.pitstop.config.CheckConfig.Trial;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.Database;
import io.pitstop.database.DatabaseHealth;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where scripts are tried, and what of production is known there. */
public final class TrialOptions {
    private static final String SCRATCH_URL = "PITSTOP_SCRATCH_URL";

    @Option(
            names = "--trial",
            paramLabel = "WHEN",
            description = "Try the scripts on a scratch PostgreSQL: auto (where there is one), require or off."
                    + " Default: as in pitstop.yml, else auto.")
    private String trial;

    @Option(
            names = "--scratch-url",
            paramLabel = "JDBC_URL",
            description = "An empty database to try them in, with PITSTOP_SCRATCH_USER and PITSTOP_SCRATCH_PASSWORD."
                    + " Default: PITSTOP_SCRATCH_URL, else a server started from the programs on this machine.")
    private String scratchUrl;

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "Production's schema, as pg_dump --schema-only writes it. Default: what the scripts make.")
    private Path schema;

    @Option(
            names = "--statements",
            paramLabel = "FILE",
            description = "What the application runs, as --record-statements wrote it.")
    private Path statements;

    @Option(
            names = "--with-database",
            description =
                    "Look into the application's database: which version it is, how large tables are, and what the"
                            + " application runs (pg_stat_statements).")
    private boolean withDatabase;

    @Option(
            names = "--record-statements",
            paramLabel = "FILE",
            description = "Only write what the application runs into a file, from its database.")
    private Path record;

    public Optional<Path> record() {
        return Optional.ofNullable(record);
    }

    /** The version of the application's database, if we may ask it. */
    public Optional<ServerVersion> server(Path config) {
        return withDatabase
                ? Optional.of(ServerVersion.ofNumber(
                        DatabaseHealth.read(database(config)).versionNumber()))
                : Optional.empty();
    }

    public Recording recording(Path config) {
        return Recording.of(database(config), check(config).roles());
    }

    /** @param server what the scripts will run on; empty if nobody said */
    public TrialJudge judge(Path config, Optional<ServerVersion> server) {
        CheckConfig check = check(config);
        Supplier<Sizes> sizes = () -> withDatabase ? Sizes.of(database(config)) : Sizes.UNKNOWN;
        Supplier<Recording> live = () -> withDatabase && check.statements().isEmpty()
                ? recording(config)
                : check.statements().map(Recording::load).orElseGet(Recording::none);
        OptionalInt major =
                server.map(version -> OptionalInt.of(version.major())).orElse(OptionalInt.empty());
        return new TrialJudge(
                check, sources(Optional.ofNullable(scratchUrl), System.getenv()), () -> major, sizes, live);
    }

    /** Where a scratch database may come from: the one that somebody named, else the programs on this machine. */
    static List<ScratchSource> sources(Optional<String> url, Map<String, String> environment) {
        return url.or(() -> Optional.ofNullable(environment.get(SCRATCH_URL)))
                .map(named -> List.of(ScratchUrl.source(named, environment)))
                .orElseGet(() -> List.of(LocalServer.source(environment)));
    }

    private CheckConfig check(Path config) {
        return CheckConfig.load(config, System.getenv())
                .but(
                        Optional.ofNullable(trial).map(TrialOptions::when),
                        Optional.ofNullable(schema),
                        Optional.ofNullable(statements));
    }

    private static Trial when(String name) {
        return Stream.of(Trial.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidConfig("--trial is '" + name + "'.", "Write auto, require or off."));
    }

    private static Database database(Path config) {
        PitstopConfig all = PitstopConfig.load(config, System.getenv());
        return Database.from(all.database(), all.application(), System.getenv());
    }
}
