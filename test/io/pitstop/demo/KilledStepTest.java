package io.pitstop.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.Database;
import io.pitstop.demo.witness.Testimony;
import io.pitstop.demo.witness.Witness;
import io.pitstop.demo.witness.WitnessPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release under load in which the command of every step is killed (-9) in the middle and then run again.
 */
class KilledStepTest {
    private static final int POSTS = 40_000;

    @TempDir
    private Path folder;

    @Test
    void every_step_killed_in_the_middle_and_run_again_finishes_the_release_and_nothing_is_lost() throws Exception {
        try (Stage stage = TestStage.open(folder.resolve("stage"), POSTS)) {
            Agent agent = new Agent(stage);
            Database database = Database.from(stage.config().database(), "blog", stage.environment());
            try (Witness witness = Witness.start(new WitnessPlan(stage.router(), stage.seed(), 20, 100), database)) {
                killedThenRun(stage, agent, "expand:", "migrate-expand", "--version", "2");
                killedThenRun(stage, agent, "Creating", "deploy-green");
                killedThenRun(stage, agent, " rows/s", "backfill", "--batch-rows", "500");
                killedThenRun(stage, agent, "smoke", "smoke-test");
                killedThenRun(stage, agent, "baking at blue 75 %", "switch-traffic");
                killedThenRun(stage, agent, "is live", "rollback");
                killedThenRun(stage, agent, "baking at blue 0 %", "switch-traffic");
                TimeUnit.SECONDS.sleep(1); // contract.after
                approve(agent, "contract");
                killedThenRun(stage, agent, "contract:", "contract");

                Testimony testimony = witness.stop();
                assertThat(testimony.failures()).isEmpty();
                assertThat(testimony.findings()).isEmpty();
                assertThat(testimony.isClean()).isTrue();
                assertThat(testimony.writes()).isPositive();
            }
            assertThat(agent.run(line -> {}, "status").lines().toString()).contains("contracted");
        }
    }

    private static void approve(Agent agent, String step) {
        String hash = agent.run(line -> {}, "approve", "--step", step)
                .result()
                .path("hash")
                .asText();
        assertThat(agent.run(line -> {}, "approve", "--step", step, "--by", "eve", "--hash", hash)
                        .exitCode())
                .isZero();
    }

    /**
     * Kills the command early, once more somewhere in the middle, and when it prints {@code cue}; then lets it finish,
     * and runs it again.
     */
    private static void killedThenRun(Stage stage, Agent agent, String cue, String... command)
            throws IOException, InterruptedException {
        for (int afterMs : new int[] {900, 1_600}) {
            Process process = agent.start(stage.folder().resolve("killed.json"), command);
            process.waitFor(afterMs, TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }
        Process process = agent.start(stage.folder().resolve("killed.json"), command);
        awaitLine(process, cue);
        process.destroyForcibly().waitFor();

        Agent.Outcome again = agent.run(line -> {}, command);
        assertThat(again.exitCode())
                .as("%s after it was killed: %s", command[0], again.lines())
                .isZero();
        Agent.Outcome twice = agent.run(line -> {}, command);
        assertThat(twice.exitCode())
                .as("%s for the second time: %s", command[0], twice.lines())
                .isZero();
        assertThat(twice.result().path("message").asText()).startsWith("Already");
    }

    private static void awaitLine(Process process, String cue) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(cue)) {
                return;
            }
        }
    }
}
