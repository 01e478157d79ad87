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
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A site whose agent is the classes under test, and the release without a fault: one for all tests, as each takes a while. It closes
 * after the last.
 *
 * @param undisturbed what others are compared with
 */
record TestSite(Site site, ProveRun.Undisturbed undisturbed) implements AutoCloseable {
    private static final int PER_SECOND = 40;

    /** Gives it to tests that ask for one. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == TestSite.class;
        }

        @Override
        public TestSite resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Shared.class))
                    .computeIfAbsent(TestSite.class, type -> first(), TestSite.class);
        }

        private static TestSite first() {
            Site site = open();
            return new TestSite(site, run(1, Path.of("target/prove")).undisturbed(site));
        }
    }

    @Override
    public void close() {
        site.close();
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
