package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.demo.DemoDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process, with a database that wants a password, and a proxy that nobody started. */
class CommandLineTest {
    private static final String WRONG_PASSWORD = "wrong-horse-battery";

    @TempDir
    private static Path shared;

    private static DemoDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        database = DemoDatabase.start(
                shared.resolve("postgres"), Path.of("target/postgres").toAbsolutePath());
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void write_the_configuration() throws IOException {
        SmallConfig.write(folder, database.url());
    }

    @Test
    void help_and_version_need_no_configuration() throws Exception {
        assertThat(run(Map.of(), "--help").output()).contains("migrate-expand", "switch-traffic", "Exit codes");
        assertThat(run(Map.of(), "--version").output()).startsWith("pitstop ");
        assertThat(run(Map.of(), "backfill", "--help").exitCode()).isZero();
    }

    @Test
    void an_unknown_option_is_named() throws Exception {
        refused(2, "--bake-tiem", run(Map.of(), "switch-traffic", "--bake-tiem", "5m"));
        refused(2, "demoo", run(Map.of(), "demoo"));
        refused(2, "--batch-rows", run(credentials(), "backfill", "--batch-rows", "0"));
        refused(2, "--bake-time is '2 minutes'", run(credentials(), "switch-traffic", "--bake-time", "2 minutes"));
        refused(2, "--steps is [50, 20]", run(credentials(), "switch-traffic", "--steps", "50,20"));
        refused(2, "--step is 'deploy'", run(credentials(), "approve", "--step", "deploy"));
        refused(2, "--by names who", run(credentials(), "approve", "--step", "contract", "--by", "eve"));
        refused(2, "--by names who", run(credentials(), "approve", "--step", "contract", "--declined", "no"));
        refused(2, "Say why", run(credentials(), "approve", "--step", "contract", "--by", "eve", "--declined", " "));
        refused(2, "Copy all", run(credentials(), "approve", "--step", "contract", "--by", "eve", "--hash", "abc"));
        refused(2, "contract does not", run(credentials(), "approve", "--step", "contract", "--plan", "canary"));
        refused(2, "belong together", run(credentials(), "rollback", "--to", "blue"));
    }

    @Test
    void a_missing_configuration_file_is_named() throws Exception {
        refused(2, "none.yml", run(credentials(), "status", "--config", "none.yml"));
    }

    @Test
    void a_missing_variable_is_named() throws Exception {
        refused(2, "PITSTOP_DB_USER", run(Map.of(), "status"));
    }

    @Test
    void a_wrong_password_is_refused_and_not_shown() throws Exception {
        Map<String, String> wrong = new HashMap<>(credentials());
        wrong.put("PITSTOP_DB_PASSWORD", WRONG_PASSWORD);

        Ended ended = run(wrong, "status");

        refused(2, "password authentication failed", ended);
        assertThat(ended.output()).doesNotContain(WRONG_PASSWORD).doesNotContain(database.password());
    }

    @Test
    void an_unreachable_database_is_an_outside_failure() throws Exception {
        Path file = folder.resolve("pitstop.yml");
        Files.writeString(file, Files.readString(file).replaceAll(":\\d+/blog", ":1/blog"));

        refused(5, "cannot be reached", run(credentials(), "status"));
    }

    @Test
    void a_router_that_is_down_is_an_outside_failure_and_nothing_is_opened() throws Exception {
        refused(5, "127.0.0.1:1", run(credentials(), "migrate-expand", "--version", "2"));
        assertThat(run(credentials(), "status").output()).contains("No release yet");
        assertThat(run(credentials(), "report").output()).contains("No release yet");
        refused(2, "--watch is 'soon'", run(credentials(), "status", "--watch", "soon"));
    }

    @Test
    void a_failure_is_written_to_the_result_file_as_well() throws Exception {
        run(credentials(), "deploy-green", "--result", "out/result.json");

        JsonNode result = read("out/result.json");
        assertThat(result.path("command").asText()).isEqualTo("deploy-green");
        assertThat(result.path("exitCode").asInt()).isEqualTo(3);
        assertThat(result.path("message").asText()).isEqualTo("No release is under way.");
        assertThat(result.path("hint").asText()).contains("migrate-expand");
    }

    @Test
    void wrong_usage_is_written_to_the_result_file_as_well() throws Exception {
        run(credentials(), "switch-traffic", "--bake-tiem", "5m", "--result", "new/result.json");

        JsonNode result = read("new/result.json");
        assertThat(result.path("command").asText()).isEqualTo("switch-traffic");
        assertThat(result.path("exitCode").asInt()).isEqualTo(2);
        assertThat(result.path("message").asText()).contains("--bake-tiem");
        assertThat(result.path("hint").asText())
                .startsWith("Did you mean --bake-time? ")
                .contains("Run pitstop switch-traffic --help");
    }

    @Test
    void the_status_is_a_result_too() throws Exception {
        assertThat(run(credentials(), "status", "--result", "status.json").exitCode())
                .isZero();

        JsonNode result = read("status.json");
        assertThat(result.path("command").asText()).isEqualTo("status");
        assertThat(result.path("application").asText()).isEqualTo("blog");
        assertThat(result.path("message").asText()).isEqualTo("No release yet.");
        assertThat(result.path("contractDueInSeconds").isMissingNode()).isTrue();
    }

    @Test
    void a_result_file_that_cannot_be_written_does_not_hide_the_failure() throws Exception {
        Files.createDirectories(folder.resolve("result.json.new"));

        refused(3, "result.json cannot be written", run(credentials(), "deploy-green", "--result", "result.json"));
    }

    @Test
    void the_doctor_says_what_to_mend() throws Exception {
        Ended ended = run(credentials(), "doctor");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output()).contains("ok   database", "BAD  router", "Next:");
    }

    @Test
    void the_plan_shows_every_default() throws Exception {
        assertThat(run(credentials(), "plan").output())
                .contains(
                        "database.lockTimeout",
                        "200ms",
                        "traffic.shift.bake",
                        "2m",
                        "contract.after",
                        "1d",
                        "approvals",
                        "[contract]",
                        "environments.idle",
                        "keep");
    }

    @Test
    void the_plan_never_shows_what_a_variable_holds() throws Exception {
        Path file = folder.resolve("pitstop.yml");
        Files.writeString(
                file,
                Files.readString(file).replace("health:", "variables: { db_password: \"${APP_SECRET}\" }, health:"));
        Map<String, String> environment = new HashMap<>(credentials());
        environment.put("APP_SECRET", WRONG_PASSWORD);

        assertThat(run(environment, "plan").output())
                .containsPattern("environments.variables.db_password +\\$\\{APP_SECRET}")
                .doesNotContain(WRONG_PASSWORD);
    }

    private JsonNode read(String result) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(result).toFile());
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        return new AgentProcess(folder, environment).run(arguments);
    }

    private static Map<String, String> credentials() {
        return database.environment();
    }

    private static void refused(int exitCode, String why, Ended ended) {
        assertThat(ended.output()).contains(why).contains("Next: ").doesNotContain("\tat ");
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
    }
}
