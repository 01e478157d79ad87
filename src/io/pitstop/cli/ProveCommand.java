package io.pitstop.cli;

import io.pitstop.cli.output.Failures;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.prove.Proof;
import io.pitstop.prove.ProveRun;
import io.pitstop.prove.fault.Family;
import io.pitstop.prove.place.Site;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the demo's release again and again, each time with a fault. */
@Command(
        name = "prove",
        description = "Run the demo's release many times under load, each time with one fault that its seed names, and"
                + " check that nobody lost anything. docs/proof.md tells how.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every release came through", "4:one did not; its seed shows it again"})
final class ProveCommand implements Callable<Integer> {
    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many releases, each with the next seed. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The first seed; without --seeds the only one. Default: 1.")
    private Long seed;

    @Option(
            names = "--fault",
            paramLabel = "FAMILY",
            description = "Only faults of one family: ${COMPLETION-CANDIDATES}.")
    private Family family;

    @Option(names = "--kind", paramLabel = "WORDS", description = "Only faults whose name has these words.")
    private String kind;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "1440",
            description = "Begin no release after this time. Default: ${DEFAULT-VALUE}.")
    private long minutes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "60",
            description = "Requests per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many releases at once, each on a database server of its own. Default: ${DEFAULT-VALUE}.")
    private int parallel;

    @Option(names = "--result", paramLabel = "FILE", description = "File that receives the figures as JSON.")
    private Path result;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "Page in which the figures between the two marks are replaced.")
    private Path page;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Path home = home();
            ProveRun.Options options = new ProveRun.Options(
                    seed == null ? 1 : seed,
                    seed != null && !isGiven("--seeds") ? 1 : seeds,
                    Optional.ofNullable(family),
                    Optional.ofNullable(kind),
                    Duration.ofMinutes(minutes),
                    rate,
                    parallel);
            List<String> agent = List.of(home.resolve("pitstop").toString());
            ProveRun proof = new ProveRun(options, home.resolve("target/prove"), out);
            return report(proof.on(() -> Site.open(home, agent, jar(), rate)));
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }

    private int report(Proof proof) {
        if (result != null) {
            write(result, proof.json().toPrettyString() + "\n");
        }
        if (page != null) {
            proof.writeTo(page);
        }
        if (!proof.isGood()) {
            throw new CheckFailed(proof.summary(), "Run one of them again with --seed, and report it.");
        }
        spec.commandLine().getOut().println(proof.summary());
        return 0;
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private static Path home() {
        Path home = Path.of(System.getProperty("pitstop.home", "")).toAbsolutePath();
        if (!Files.isDirectory(home.resolve("terraform/local"))) {
            throw new InvalidConfig(
                    "The proof needs the repository: there is no " + home.resolve("terraform/local") + ".",
                    "Clone it and run ./pitstop prove there.");
        }
        return home;
    }

    /** The first entry of the class path; the others are the demo's own libraries. */
    private static String jar() {
        return Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0])
                .toAbsolutePath()
                .toString();
    }

    private static void write(Path file, String text) {
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Files.writeString(absolute, text);
        } catch (IOException e) {
            throw new UncheckedIOException("the result cannot be written to " + file, e);
        }
    }
}
