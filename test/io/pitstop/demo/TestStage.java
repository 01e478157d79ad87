package io.pitstop.demo;

import io.pitstop.demo.blog.Seed;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A stage of a test's own, whose agent is the classes under test: small, and quick in everything that it waits for. */
public final class TestStage {
    private static final String JVM = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private TestStage() {}

    /** @param posts that are there before the release */
    public static Stage open(Path folder, long posts) {
        Path home = Path.of("").toAbsolutePath();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classpath = classpath();
        Stage.Settings settings = new Stage.Settings(
                folder,
                home,
                List.of(
                        java,
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classpath,
                        "io.pitstop.cli.Main"),
                "exec '%s' -Xmx96m %s -cp '%s' io.pitstop.demo.blog.BlogApp".formatted(java, JVM, classpath),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                false,
                Optional.empty());
        return Stage.open(settings, new Seed(posts, posts / 10), line -> {});
    }

    /** Commands run in folders of their own, where what is relative leads nowhere. */
    private static String classpath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
