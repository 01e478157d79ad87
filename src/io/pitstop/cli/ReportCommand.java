package io.pitstop.cli;

import io.pitstop.cli.output.Failures;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.error.PitstopException;
import io.pitstop.report.ReleasePage;
import io.pitstop.step.Chronicle;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the page of a release; changes nothing else. */
@Command(
        name = "report",
        description = "Write the release as a page: timeline, evidence, logs, approvals, figures, the way back.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private static final Path DEFAULT_CONFIG = Path.of("pitstop.yml");

    @Mixin
    private PitstopOptions options;

    @Option(names = "--release", paramLabel = "ID", description = "Default: the one under way, else the last one.")
    private String release;

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            defaultValue = ".pitstop/report",
            description = "Folder that receives index.html, its style and its pictures. Default: ${DEFAULT-VALUE}.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Optional<Chronicle.Account> account = write(
                    Wiring.from(options.config(), line -> {}), Optional.ofNullable(release), options.config(), folder);
            out.println(account.map(found -> found.status().release() + " is in " + folder.resolve("index.html"))
                    .orElse("No release yet. Next: pitstop migrate-expand --version VERSION"));
            out.flush();
            return 0;
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }

    /** Empty if there has never been a release. */
    static Optional<Chronicle.Account> write(Wiring wiring, Optional<String> release, Path config, Path folder) {
        Optional<Chronicle.Account> account = wiring.looks().chronicle().read(release);
        Optional<String> named =
                Optional.of(config).filter(file -> !file.equals(DEFAULT_CONFIG)).map(Path::toString);
        account.ifPresent(found -> new ReleasePage(found, named).write(folder));
        return account;
    }
}
