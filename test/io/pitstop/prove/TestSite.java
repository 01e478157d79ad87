package io.pitstop.prove;

import io.pitstop.prove.place.Site;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A site whose agent is the classes under test, and the release without a fault: one for all tests, as each takes a while.
 *
 * @param undisturbed what others are compared with
 */
record TestSite(Site site, ProveRun.Undisturbed undisturbed) {
    private static final int PER_SECOND = 40;
    private static TestSite shared;

    /** Opened by the first who asks; ends with the process. */
    static synchronized TestSite shared() {
        if (shared == null) {
            Site site = open();
            shared = new TestSite(site, run(1, Path.of("target/prove")).undisturbed(site));
        }
        return shared;
    }

    /** Of as many seeds as at once. */
    static ProveRun run(int seeds, Path logs) {
        return new ProveRun(
                new ProveRun.Options(
                        1, seeds, Optional.empty(), Optional.empty(), Duration.ofMinutes(10), PER_SECOND, seeds),
                logs,
                new PrintWriter(System.out));
    }

    static Site open() {
        return Site.open(Path.of("").toAbsolutePath(), agent(classpath()), classpath(), PER_SECOND);
    }

    static List<String> agent(String classpath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                // anew
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classpath,
                "io.pitstop.cli.Main");
    }

    /** Commands run in folders of their own, where what is relative leads nowhere. */
    static String classpath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
