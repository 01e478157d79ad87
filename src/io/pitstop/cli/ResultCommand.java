package io.pitstop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.cli.output.Failures;
import io.pitstop.cli.output.LibraryVersion;
import io.pitstop.cli.output.ResultFile;
import io.pitstop.cli.output.Version;
import io.pitstop.error.PitstopException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands that Jenkins calls share: the result file, and how a failure becomes an exit code. */
@Command(sortOptions = false)
abstract class ResultCommand implements Callable<Integer> {
    @Mixin
    private PitstopOptions options;

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

    /**
     * Does the work.
     *
     * @param config the configuration file
     * @param lines gets what people should read
     * @return what the result file says of it, {@code message} among it, and {@code exitCode} if it is not 0
     */
    abstract ObjectNode run(Path config, Consumer<String> lines);

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ResultFile result = new ResultFile(Optional.ofNullable(resultFile), spec.name());
        try {
            result.prepare();
            LibraryVersion.requireFit(System.getenv(), Version.ofThisJar());
            ObjectNode outcome = run(options.config(), line -> print(out, line));
            result.write(outcome);
            return outcome.path("exitCode").asInt(0);
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
