package io.pitstop.cli;

import io.pitstop.error.PitstopException;
import io.pitstop.step.StepResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all steps share: their options, the result file, and how a failure becomes an exit code. */
@Command(sortOptions = false)
abstract class StepCommand implements Callable<Integer> {
    @Mixin
    private PitstopOptions options;

    @Option(
            names = "--release",
            paramLabel = "ID",
            description = "Release to work on. Default: the one under way, else the last one.")
    private String release;

    @Option(names = "--result", paramLabel = "FILE", description = "File that receives the outcome as JSON.")
    private Path resultFile;

    // Not the standard help options: --version is the version to release.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Runs the step. */
    abstract StepResult run(Wiring wiring, Optional<String> release);

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ResultFile result = new ResultFile(Optional.ofNullable(resultFile), spec.name());
        try {
            result.prepare();
            Wiring wiring = Wiring.from(options.config(), line -> print(out, "  " + line));
            StepResult done = run(wiring, Optional.ofNullable(release));
            result.write(done, wiring.release(done));
            print(out, done.message());
            return 0;
        } catch (PitstopException expected) {
            PrintWriter err = spec.commandLine().getErr();
            result.write(expected, err);
            return Failures.print(err, expected);
        }
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
