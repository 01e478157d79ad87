package io.pitstop.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.SmokeConfig;
import io.pitstop.error.Interrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Green is idle at port 2, blue is live at port 1; the agent itself knows the database's password. */
@Timeout(60)
class CommandCheckTest {
    private static final URI IDLE = URI.create("http://127.0.0.1:2");
    private static final URI LIVE = URI.create("http://127.0.0.1:1");

    @TempDir
    Path folder;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void a_command_that_exits_with_0_passes_and_gets_both_addresses() {
        CheckResult result = run("echo idle $PITSTOP_URL live ${PITSTOP_LIVE_URL}");

        assertThat(result.passed()).isTrue();
        assertThat(result.detail())
                .isEqualTo("exit code 0 (expected exit code 0 within 30s)\n"
                        + "idle http://127.0.0.1:2 live http://127.0.0.1:1");
        assertThat(lines).containsExactly("  | idle http://127.0.0.1:2 live http://127.0.0.1:1");
    }

    @Test
    void a_command_that_fails_shows_its_exit_code_and_its_last_lines() {
        CheckResult result = run("seq 1 30; echo to the error stream >&2; exit 7");

        assertThat(result.passed()).isFalse();
        assertThat(result.detail().lines())
                .containsExactly(
                        "exit code 7 (expected exit code 0 within 30s)",
                        "22",
                        "23",
                        "24",
                        "25",
                        "26",
                        "27",
                        "28",
                        "29",
                        "30",
                        "to the error stream");
        assertThat(lines).hasSize(31);
    }

    @Test
    void our_access_to_the_database_is_not_in_its_environment() {
        CheckResult result = run("env; cat /proc/$$/environ | tr '\\0' '\\n'");

        assertThat(result.passed()).isTrue();
        assertThat(lines).anyMatch(line -> line.contains("KEPT=kept"));
        assertThat(lines).noneMatch(line -> line.contains("hush") || line.contains("PITSTOP_DB"));
    }

    @Test
    void it_runs_in_the_folder_of_pitstop_yml_with_nothing_to_read() throws IOException {
        CheckResult result = run("pwd; cat; wc -c < /dev/stdin");

        assertThat(result.passed()).isTrue();
        assertThat(lines).containsExactly("  | " + folder.toRealPath(), "  | 0");
    }

    @Test
    void its_output_is_passed_on_while_it_runs() {
        CheckResult result =
                run("echo ready; while [ ! -e seen ]; do sleep 0.05; done", Duration.ofSeconds(30), line -> {
                    if (line.endsWith("ready")) {
                        create(folder.resolve("seen"));
                    }
                });

        assertThat(result.passed()).isTrue();
    }

    @Test
    void output_without_an_end_of_line_does_not_fill_the_memory() {
        CheckResult result = run("head -c 3000000 /dev/zero | tr '\\0' x");

        assertThat(result.passed()).isTrue();
        assertThat(result.detail()).hasSizeLessThan(30_000);
    }

    @Test
    void a_command_that_takes_too_long_is_ended_with_all_its_children() {
        CheckResult result = run(
                "sleep 300 & echo $!; setsid sleep 300 & echo $!; sh -c 'sleep 300 & echo $!; sleep 300'",
                Duration.ofSeconds(2),
                lines::add);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).startsWith("ended by force (expected exit code 0 within 2s)");
        assertThat(childrenIn(lines)).hasSize(3).noneMatch(CommandCheckTest::isRunning);
    }

    @Test
    void children_that_a_good_command_leaves_behind_are_ended() {
        CheckResult result = run("sleep 300 & echo $!");

        assertThat(result.passed()).isTrue();
        assertThat(result.took()).isLessThan(Duration.ofSeconds(20));
        assertThat(childrenIn(lines)).hasSize(1).noneMatch(CommandCheckTest::isRunning);
    }

    @Test
    void a_process_that_does_not_listen_is_ended_by_force() throws Exception {
        ShellSession session =
                ShellSession.start("trap '' TERM; echo deaf; while true; do sleep 0.05; done", new ProcessBuilder());
        session.output().read();

        session.end(Duration.ofMillis(200));

        assertThat(session.endedWithin(Duration.ofSeconds(10))).isTrue();
        assertThat(session.exitCode()).isEqualTo(128 + 9);
    }

    @Test
    void an_interrupt_ends_the_command_with_all_its_children() {
        Thread test = Thread.currentThread();
        assertThatThrownBy(() -> run("sleep 300 & echo $!; sleep 300", Duration.ofSeconds(30), line -> {
                    lines.add(line);
                    test.interrupt();
                }))
                .isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(childrenIn(lines)).hasSize(1).noneMatch(CommandCheckTest::isRunning);
    }

    private CheckResult run(String command) {
        return run(command, Duration.ofSeconds(30), lines::add);
    }

    private CheckResult run(String command, Duration within, Consumer<String> sink) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(Map.of("PITSTOP_DB_USER", "hush", "PITSTOP_DB_PASSWORD", "hush", "KEPT", "kept"));
        return new CommandCheck(new SmokeConfig.Command(command, within), folder, environment, sink).run(IDLE, LIVE);
    }

    private static List<Long> childrenIn(List<String> lines) {
        return lines.stream()
                .map(line -> line.replace("  | ", ""))
                // The shell may have a last word of its own, such as "Terminated".
                .filter(line -> line.matches("\\d+"))
                .map(Long::valueOf)
                .toList();
    }

    /** A process that has ended counts as such, also while its new parent has not noticed yet. */
    private static boolean isRunning(long pid) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(pid), "stat"))
                    .contains(") Z ");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return !e.getMessage().contains("No such process");
        }
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
