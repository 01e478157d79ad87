package io.pitstop.jtf;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the binary so that it can always save its state: nothing that happens to us reaches it except, when we are
 * stopped or out of time, one SIGINT to Terraform alone.
 */
final class Command {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path module;
    private final Path data;
    private final Map<String, String> environment;
    private final Limits limits;

    Command(Path module, Path data, Map<String, String> environment, Limits limits) {
        this.module = module;
        this.data = data;
        this.environment = environment;
        this.limits = limits;
    }

    /**
     * Returns once the command has ended, whatever its exit code.
     *
     * @param arguments the first is the subcommand
     * @param lines gets each line of its standard output, as it comes
     */
    Finished run(List<String> arguments, Consumer<String> lines) {
        SearchPath programs = new SearchPath(environment);
        List<String> commandLine = new ArrayList<>();
        // A session of its own keeps signals to our process group (Ctrl-C, the end of a build) from Terraform's
        // providers: one that is terminated takes along what it was about to report. As a child is never the leader of
        // its group, setsid need not fork, and the pid is Terraform's. Where there is no setsid (macOS), Ctrl-C reaches
        // Terraform too; it takes that for a request to stop, as it takes ours.
        programs.find("setsid").map(Path::toString).ifPresent(commandLine::add);
        commandLine.add(programs.terraform().toString());
        commandLine.addAll(arguments);
        Scratch scratch = new Scratch(data);
        Path output = scratch.file(".out");
        Path errors = scratch.file(".err");
        // Files rather than pipes: if we are killed, a broken pipe would kill Terraform at its next line.
        try (Tail out = new Tail(output);
                Tail err = new Tail(errors)) {
            Process process = start(commandLine, output, errors);
            // They may hold secrets, and are open on both sides by now.
            scratch.delete(output);
            scratch.delete(errors);
            return follow(arguments.get(0), process, out, err, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("the output of terraform cannot be read", e);
        } finally {
            scratch.delete(output);
            scratch.delete(errors);
        }
    }

    private Process start(List<String> commandLine, Path output, Path errors) {
        ProcessBuilder builder = new ProcessBuilder(commandLine)
                .directory(module.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        String cliConfig = environment.getOrDefault("TF_CLI_CONFIG_FILE", "");
        if (!Files.isRegularFile(Path.of(cliConfig))) {
            builder.environment().remove("TF_CLI_CONFIG_FILE"); // Terraform would complain in every command
        }
        builder.environment()
                .putAll(Map.of(
                        "TF_DATA_DIR", data.toString(),
                        "TF_IN_AUTOMATION", "1",
                        "TF_INPUT", "0",
                        "CHECKPOINT_DISABLE", "1",
                        // Jenkins ends, with a build or a step of it, every process that carries their cookies.
                        "JENKINS_NODE_COOKIE", "dontKillMe",
                        "JENKINS_SERVER_COOKIE", "dontKillMe"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new DependencyFailed(
                    "Terraform did not start: " + e.getMessage() + ".", "Check the module's folder and the binary.", e);
        }
    }

    private Finished follow(String subcommand, Process process, Tail out, Tail err, Consumer<String> lines)
            throws IOException {
        long end = System.nanoTime() + limits.command().toNanos();
        String what = "terraform " + subcommand + " in " + module;
        try {
            while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw new DependencyFailed(
                            what + " took longer than " + limits.command().toSeconds() + " s; " + stop(process) + ".",
                            "Find out what it waited for, or give it more time, and run it again.");
                }
                out.forEach(lines);
            }
            out.forEach(lines);
            return new Finished(process.exitValue(), err.rest());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("running " + what + "; " + stop(process));
        } finally {
            stop(process); // whatever the listener may have thrown, nothing is left running
        }
    }

    /** Asks Terraform alone to stop, gives it the time to save its state, and says how it went. */
    private String stop(Process process) {
        if (process.isAlive()) {
            interrupt(process);
            if (!ends(process, limits.grace())) {
                process.destroyForcibly();
                ends(process, Duration.ofSeconds(10));
                return "it did not stop within " + limits.grace().toSeconds()
                        + " s and was killed: what it did last may be missing in its state, and the state still locked";
            }
        }
        return "it stopped when asked to";
    }

    /** Sends SIGINT, which Java cannot: it is what Terraform documents as the way to stop it. */
    private static void interrupt(Process process) {
        try {
            Process kill =
                    new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$0\"", Long.toString(process.pid())).start();
            ends(kill, Duration.ofSeconds(10));
        } catch (IOException e) {
            process.destroy(); // SIGTERM to it alone has the same effect
        }
    }

    /** Waits on, even if interrupted once more: an impatient operator must not cost us the state. */
    private static boolean ends(Process process, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
