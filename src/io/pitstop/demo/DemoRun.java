package io.pitstop.demo;

import io.pitstop.demo.blog.Seed;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.InvalidConfig;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The demo from its first process to its last: builds the stage, plays, takes the stage down. */
public final class DemoRun {
    private final Options options;
    private final Narrator narrator;

    /**
     * @param posts that are there before the release
     * @param perSecond requests a second
     * @param dbUrl an empty database to use instead of an embedded one
     * @param result file for the figures as JSON
     * @param aws through an emulated load balancer of AWS
     * @param keep leave everything running
     */
    public record Options(
            long posts, int perSecond, Optional<String> dbUrl, Optional<Path> result, boolean aws, boolean keep) {
        public Options {
            if (posts < 1 || posts > 50_000_000) {
                throw new InvalidConfig("--posts is " + posts + ".", "Choose 1 to 50000000; 200000 is the default.");
            }
            if (perSecond < 1 || perSecond > 2_000) {
                throw new InvalidConfig("--rate is " + perSecond + ".", "Choose 1 to 2000; 200 is the default.");
            }
        }
    }

    public DemoRun(Options options, PrintWriter out) {
        this.options = options;
        this.narrator = new Narrator(out);
    }

    /** @throws CheckFailed if a request failed, or a write was lost or altered */
    public void run() {
        Stage stage = open();
        try {
            DemoReport report = new Demo(stage, options.perSecond(), narrator).run();
            narrator.print("");
            report.lines().forEach(narrator::print);
            narrator.print("");
            options.result().ifPresent(file -> write(file, report));
            if (!report.testimony().isClean()) {
                throw new CheckFailed(
                        report.testimony().failed() + " requests failed, "
                                + report.testimony().lost() + " writes were lost, "
                                + report.testimony().altered() + " altered.",
                        "Please report this with the lines above.");
            }
        } finally {
            if (options.keep()) {
                explain(stage);
            } else {
                narrator.say("taking everything down");
                stage.close();
            }
        }
    }

    /** Builds what a release needs and leaves it running, without a release. */
    public void stage() {
        Stage stage = open();
        explain(stage);
        narrator.print("Gates want to see users. To play some:");
        narrator.print("    while curl -fsS -o /dev/null " + stage.router() + "/posts/1; do sleep 0.02; done");
    }

    /** Takes down what an earlier run left running in {@code folder}. */
    public static void stop(Path folder) {
        Stage.takeDown(folder.toAbsolutePath().normalize());
    }

    private Stage open() {
        Seed seed = new Seed(options.posts(), Math.max(1, options.posts() / 10));
        return Stage.open(settings(options), seed, narrator::say);
    }

    private static Stage.Settings settings(Options options) {
        Path home = Path.of(System.getProperty("pitstop.home", "")).toAbsolutePath();
        if (!Files.isDirectory(home.resolve("terraform/local"))) {
            throw new InvalidConfig(
                    "The demo needs the repository: there is no " + home.resolve("terraform/local") + ".",
                    "Clone it and run ./pitstop demo there.");
        }
        try {
            Path folder = Files.createTempDirectory("pitstop-demo-").toRealPath();
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            // Its database comes from the stage's own file, because a CI that deploys it knows nothing of it.
            String blog = ". '%s/env' && exec '%s' -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s"
                    .formatted(folder, java, jar(), "io.pitstop.demo.blog.BlogApp");
            List<String> agent = List.of(home.resolve("pitstop").toString());
            return new Stage.Settings(
                    folder,
                    home,
                    agent,
                    blog,
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    options.aws(),
                    options.dbUrl());
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's folder cannot be made", e);
        }
    }

    /** The first entry of the class path; the others are the demo's own libraries. */
    private static Path jar() {
        return Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0])
                .toAbsolutePath();
    }

    private void explain(Stage stage) {
        narrator.print("Everything is left running in " + stage.folder() + ". To play with it:");
        narrator.print("    cd " + stage.folder() + " && . ./env");
        narrator.print("    " + stage.agent().get(0) + " status");
        narrator.print("Users come in at " + stage.router() + "/posts/1");
        narrator.print("To take it down: " + stage.agent().get(0) + " demo --stop " + stage.folder());
    }

    private static void write(Path file, DemoReport report) {
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Files.writeString(absolute, report.json().toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the result cannot be written to " + file, e);
        }
    }
}
