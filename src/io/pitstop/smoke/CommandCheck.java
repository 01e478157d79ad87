package io.pitstop.smoke;

import io.pitstop.config.Quantity;
import io.pitstop.config.SmokeConfig;
import io.pitstop.database.Database;
import io.pitstop.error.Interrupted;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A command of the user's, which passes if it exits with 0.
 *
 * <p>It gets the idle colour's address as PITSTOP_URL and the live colour's as PITSTOP_LIVE_URL, but not our access to
 * the database. Nothing that it started outlives the check.
 */
final class CommandCheck implements SmokeCheck {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final SmokeConfig.Command config;
    private final Path folder;
    private final Map<String, String> environment;
    private final Consumer<String> lines;

    CommandCheck(SmokeConfig.Command config, Path folder, Map<String, String> environment, Consumer<String> lines) {
        this.config = config;
        this.folder = folder;
        this.environment = environment;
        this.lines = lines;
    }

    @Override
    public String name() {
        return "command " + config.command().lines().findFirst().orElse("");
    }

    @Override
    public CheckResult run(URI idle, URI live) {
        long begun = System.nanoTime();
        ShellSession session = ShellSession.start(config.command(), settings(idle, live));
        CommandOutput output = new CommandOutput(session.output(), lines);
        try {
            boolean ended = runToItsEnd(session);
            output.close(LAST_WORDS);
            String outcome = (ended ? "exit code " + session.exitCode() : "ended by force")
                    + " (expected exit code 0 within " + Quantity.text(config.within()) + ")";
            return new CheckResult(
                    name(),
                    ended && session.exitCode() == 0,
                    (outcome + "\n" + String.join("\n", output.last())).strip(),
                    Duration.ofNanos(System.nanoTime() - begun));
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("smoke " + name() + " ran");
        }
    }

    /** Returns false if the command had to be ended. */
    private boolean runToItsEnd(ShellSession session) throws InterruptedException {
        try {
            return session.endedWithin(config.within());
        } finally {
            // Also after a good end: a server left in the background must not outlive the check.
            session.end();
        }
    }

    private ProcessBuilder settings(URI idle, URI live) {
        ProcessBuilder settings = new ProcessBuilder().directory(folder.toFile());
        Map<String, String> variables = settings.environment();
        variables.clear();
        variables.putAll(Database.withoutAccess(environment));
        variables.put("PITSTOP_URL", idle.toString());
        variables.put("PITSTOP_LIVE_URL", live.toString());
        return settings;
    }
}
