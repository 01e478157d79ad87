package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The files for other CI systems release 2.4.0: their shell commands run in a real shell, in the order of their jobs.
 * The {@code pitstop} on its path writes down its arguments, which the real command line then has to accept.
 */
class CiFilesTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String PITSTOP =
            """
            #!/bin/sh
            printf '%s\\037' "$@" >> calls
            echo >> calls
            while [ $# -gt 0 ]; do [ "$1" = --result ] && result=$2; shift; done
            [ -z "$result" ] || mkdir -p "$(dirname "$result")"
            [ -z "$result" ] || echo '{"release": "blog-2.4.0-1", "step": "any", "hash": "HASH", "subject": []}' > "$result"
            """;
    private static final String GH = "#!/bin/sh\necho reviewer\n";

    private static final String[] SHIFT = {"--plan", "canary", "--bake-time", "5m"};
    private static final List<List<String>> RELEASE = List.of(
            List.of("migrate-expand", "--version", "2.4.0"),
            List.of("deploy-green", "--version", "2.4.0"),
            List.of("smoke-test"),
            List.of("backfill"),
            with("approve", "--step", "switch-traffic", SHIFT),
            with("approve", "--step", "switch-traffic", SHIFT),
            List.of("switch-traffic", "--plan", "canary", "--bake-time", "5m"),
            List.of("approve", "--step", "contract"),
            List.of("approve", "--step", "contract"),
            List.of("contract"));

    @TempDir
    Path folder;

    @BeforeEach
    void tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (Map.Entry<String, String> tool :
                Map.of("pitstop", PITSTOP.replace("HASH", HASH), "gh", GH).entrySet()) {
            Path file = Files.writeString(tools.resolve(tool.getKey()), tool.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_release_runs_all_steps_in_order(CiFile ci) throws Exception {
        run(ci.release());

        assertThat(calls()).extracting(CiFilesTest::withoutFilesAndPeople).isEqualTo(RELEASE);
    }

    @ParameterizedTest
    @EnumSource
    void every_option_is_one_of_the_agent(CiFile ci) throws Exception {
        run(ci.check());
        run(ci.release());
        run(ci.rollback());

        for (List<String> call : calls()) {
            assertThatCode(() -> Main.commandLine().parseArgs(call.toArray(String[]::new)))
                    .as("pitstop %s", String.join(" ", call))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_shown_is_what_is_approved_and_by_whom(CiFile ci) throws Exception {
        run(ci.release());

        assertThat(calls()).filteredOn(call -> call.contains("--by")).hasSize(2).allSatisfy(call -> assertThat(call)
                .containsSequence("--hash", HASH)
                .containsSequence("--by", ci.by()));
    }

    @ParameterizedTest
    @EnumSource
    void a_person_stands_before_each_move_that_users_notice(CiFile ci) {
        assertThat(ci.waitsForAPerson("switch")).isTrue();
        assertThat(ci.waitsForAPerson("contract")).isTrue();
        assertThat(ci.waitsForAPerson("expand")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_change_is_only_checked_and_has_no_secrets(CiFile ci) throws Exception {
        run(ci.check());

        assertThat(calls()).hasSize(1);
        assertThat(calls().get(0)).startsWith("check");
        assertThat(calls().get(0)).containsAnyOf("--junit", "--sarif");
    }

    @ParameterizedTest
    @EnumSource
    void a_rollback_needs_no_release_to_run(CiFile ci) throws Exception {
        run(ci.rollback());

        assertThat(calls()).containsExactly(List.of("rollback"));
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_step_ends_its_job(CiFile ci) throws Exception {
        Files.writeString(folder.resolve("tools/pitstop"), "#!/bin/sh\nexit 3\n");

        assertThat(exitCode(ci.release().get(0))).isEqualTo(3);
    }

    @Test
    void none_of_them_is_active_here() {
        assertThat(List.of(".gitlab-ci.yml", ".github/workflows", ".circleci"))
                .allSatisfy(name -> assertThat(Path.of(name)).doesNotExist());
    }

    private void run(List<CiFile.Job> jobs) throws Exception {
        for (CiFile.Job job : jobs) {
            assertThat(exitCode(job)).as(job.name()).isZero();
        }
    }

    private int exitCode(CiFile.Job job) throws Exception {
        for (String script : job.scripts()) {
            Path output = folder.resolve("output");
            ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-e", "-c", script)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            shell.environment().merge("PATH", folder.resolve("tools").toString(), (path, own) -> own + ":" + path);
            shell.environment().put("GITHUB_OUTPUT", output.toString());
            String shown = Files.exists(output) ? Files.readString(output) : "";
            shell.environment().putAll(job.environment(shown));
            Process process = shell.start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            if (process.exitValue() != 0) {
                return process.exitValue();
            }
        }
        return 0;
    }

    private List<List<String>> calls() throws IOException {
        List<List<String>> calls = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("calls"))) {
            List<String> arguments = Arrays.asList(line.split("\037", -1));
            calls.add(arguments.subList(0, arguments.size() - 1));
        }
        return calls;
    }

    private static List<String> withoutFilesAndPeople(List<String> call) {
        List<String> rest = new ArrayList<>(call);
        for (String option : List.of("--result", "--junit", "--sarif", "--by", "--hash")) {
            int at = rest.indexOf(option);
            if (at >= 0) {
                rest.subList(at, at + 2).clear();
            }
        }
        return rest;
    }

    private static List<String> with(String command, String option, String value, String... more) {
        List<String> call = new ArrayList<>(List.of(command, option, value));
        call.addAll(List.of(more));
        return call;
    }
}
