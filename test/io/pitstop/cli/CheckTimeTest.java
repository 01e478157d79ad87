package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository with a history of 60 scripts, and the release of the demo to be judged: 13 scripts in four phases. */
class CheckTimeTest {
    private static final int HISTORY = 60;
    private static final Duration BUDGET = Duration.ofSeconds(2);
    /** Of all threads: the compiler of the JVM works beside, on another processor. */
    private static final Duration BUDGET_OF_ALL = Duration.ofSeconds(4);

    private static final Pattern OWN_TIME = Pattern.compile("own time: (\\d+) ms, of all threads (\\d+) ms");

    @TempDir
    private Path folder;

    /**
     * The agent, which says at its end how much time it took of a processor: the thread that does the work, from its
     * first line on, and the whole process. That does not depend on what else the machine does, as a clock would.
     */
    static final class Timed {
        private Timed() {}

        public static void main(String[] arguments) {
            int exitCode = Main.commandLine().execute(arguments);
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            System.out.printf(
                    "own time: %d ms, of all threads %d ms%nexit code: %d%n",
                    ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000,
                    system.getProcessCpuTime() / 1_000_000,
                    exitCode);
        }
    }

    @Test
    void judging_a_typical_migration_takes_less_than_two_seconds_beside_starting_the_scratch_server() throws Exception {
        writeRepository();

        List<OwnTime> times = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            times.add(check());
        }

        OwnTime best = times.stream().min(Comparator.comparingLong(OwnTime::ms)).orElseThrow();
        System.out.printf("check, rules and trial run: %s%n", times);
        assertThat(best.ms()).isLessThan(BUDGET.toMillis());
        assertThat(best.ofAllMs()).isLessThan(BUDGET_OF_ALL.toMillis());
    }

    private record OwnTime(long ms, long ofAllMs) {}

    /** The scratch server is there already; what it does itself is not ours. */
    private OwnTime check() throws IOException, InterruptedException {
        String output = run(
                Map.of("PITSTOP_SCRATCH_USER", "postgres"),
                "check",
                "--since",
                "1",
                "--trial",
                "require",
                "--scratch-url",
                TestDatabase.create().url());
        assertThat(output).contains("tried on PostgreSQL", "exit code: 0");
        Matcher time = OWN_TIME.matcher(output);
        assertThat(time.find()).isTrue();
        return new OwnTime(Long.parseLong(time.group(1)), Long.parseLong(time.group(2)));
    }

    private String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xss512k",
                "-Xmx192m",
                "-cp",
                System.getProperty("java.class.path"),
                Timed.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private void writeRepository() throws IOException {
        write(
                "pitstop.yml",
                """
                application: blog
                database: { url: "jdbc:postgresql://127.0.0.1:1/blog" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                """);
        for (int i = 1; i <= HISTORY; i++) {
            write(
                    "db/migration/V0." + i + "__table.sql",
                    "CREATE TABLE t" + i + " (id bigint PRIMARY KEY, a text NOT NULL, b timestamptz DEFAULT now());\n"
                            + "CREATE INDEX t" + i + "_a ON t" + i + " (a);\n");
        }
        copyDemo(Path.of("resources/demo/db"));
    }

    private void copyDemo(Path demo) throws IOException {
        try (Stream<Path> files = Files.walk(demo)) {
            files.filter(Files::isRegularFile).forEach(file -> write("db/" + demo.relativize(file), read(file)));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
