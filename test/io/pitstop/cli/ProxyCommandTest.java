package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ProxyCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    /** Runs the command as a process of its own, for signals. */
    static final class ProxyProcess {
        private ProxyProcess() {}

        public static void main(String[] arguments) {
            new CommandLine(new ProxyCommand()).execute(arguments);
        }
    }

    @Test
    void a_colour_without_health_check_is_refused() {
        int exitCode = run("--admin", "127.0.0.1:0", "--blue", "http://127.0.0.1:8081");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .contains("blue has no health check")
                .contains("Next: Add the path")
                .contains("http://127.0.0.1:8081/health");
    }

    @Test
    void orders_are_not_taken_from_other_machines() {
        int exitCode = run("--admin", "0.0.0.0:8080", "--blue", "http://127.0.0.1:8081/health");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("0.0.0.0").contains("loopback");
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void an_address_that_is_none_is_refused() {
        assertThat(run("--admin", "8080", "--blue", "http://127.0.0.1:8081/health"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("'8080' is not an address such as 127.0.0.1:8080");
    }

    @Test
    void a_state_folder_that_holds_no_split_but_something_else_is_refused() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("state")).resolve("split"), "{\"blue\":70}");

        assertThat(run("--admin", "127.0.0.1:0", "--blue", "http://127.0.0.1:8081/health"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains(folder.resolve("state").resolve("split").toString());
    }

    @Test
    void it_says_where_it_listens_and_ends_on_a_signal() throws Exception {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ProxyProcess.class.getName()));
        command.addAll(options("--admin", "127.0.0.1:0", "--blue", "http://127.0.0.1:1/health"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!Files.readString(out).contains("\n") && System.nanoTime() < end && process.isAlive()) {
                Thread.sleep(20);
            }
            assertThat(out)
                    .content()
                    .startsWith("The proxy listens on 127.0.0.1:")
                    .hasLineCount(1);

            process.destroy();

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(out).content().hasLineCount(1);
        } finally {
            process.destroyForcibly();
        }
    }

    private int run(String... given) {
        return new CommandLine(new ProxyCommand())
                .setErr(new PrintWriter(err, true))
                .execute(options(given).toArray(String[]::new));
    }

    private List<String> options(String... given) {
        List<String> options = new ArrayList<>(List.of(given));
        options.addAll(List.of(
                "--listen",
                "127.0.0.1:0",
                "--green",
                "http://127.0.0.1:1/health",
                "--state-dir",
                folder.resolve("state").toString()));
        return options;
    }
}
