package io.pitstop.cli.wiring;

import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.live.Recording;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.trial.Sizes;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.CheckConfig;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.DatabaseHealth;
import io.pitstop.step.ScriptSafety;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Judges migrations before they run: as the release does it, on what is known of production. */
final class Checking {
    private final PitstopConfig config;
    private final Systems systems;
    private final Map<String, String> environment;
    private final Consumer<String> progress;

    Checking(PitstopConfig config, Systems systems, Map<String, String> environment, Consumer<String> progress) {
        this.config = config;
        this.systems = systems;
        this.environment = environment;
        this.progress = progress;
    }

    /** Of scripts that contract would run. */
    List<Finding> findings(List<Path> scripts) {
        // What people approve must not depend on where it is looked at, nor on the size of a table at that moment.
        return checks(TrialJudge.off()).judge(Selection.of(scripts)).all();
    }

    ScriptSafety safety() {
        return new ScriptSafety(checks(trial()), systems.expand(), systems.finish(), systems.dropping(), progress);
    }

    /** For the server that the scripts will run on; findings name files from the folder of pitstop.yml on. */
    private Checks checks(TrialJudge trial) {
        return new Checks(config.migrations(), config.folder(), this::server, trial);
    }

    /** On a server like production's, with what is known of production. */
    private TrialJudge trial() {
        CheckConfig check = config.check();
        return new TrialJudge(
                check,
                TrialOptions.sources(Optional.empty(), environment),
                () -> OptionalInt.of(server().major()),
                () -> Sizes.of(systems.database()),
                () -> check.statements()
                        .map(Recording::load)
                        .orElseGet(() -> Recording.of(systems.database(), check.roles())));
    }

    private ServerVersion server() {
        return ServerVersion.ofNumber(DatabaseHealth.read(systems.database()).versionNumber());
    }
}
