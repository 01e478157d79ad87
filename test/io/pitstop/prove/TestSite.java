package io.pitstop.prove;

import io.pitstop.prove.place.Site;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A site whose agent is the classes under test. */
final class TestSite {
    private static final int PER_SECOND = 40;

    private TestSite() {}

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
