package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step of the agent as a process, whose figures go to a folder. */
class MetricsTest {
    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();

    @Test
    void a_step_leaves_how_it_ended_what_holds_now_and_how_the_database_was() throws Exception {
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "%s" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                metrics: { textfile: figures }
                """
                        .formatted(database.url()));
        Files.writeString(folder.resolve("token"), "none");

        Ended refused = new AgentProcess(folder, database.environment()).run("contract");

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(3);
        String figures = Files.readString(folder.resolve("figures/pitstop-blog-contract.prom"));
        assertThat(figures)
                .contains(
                        "pitstop_step_seconds_count{application=\"blog\",step=\"contract\",exit=\"3\"} 1",
                        "pitstop_step_running{application=\"blog\",step=\"contract\"} 0.0",
                        "pitstop_step_started_seconds{application=\"blog\",step=\"contract\"} ",
                        "pitstop_database_sessions_left{application=\"blog\",step=\"contract\"} ");
        assertThat(Files.readString(folder.resolve("figures/pitstop-blog.prom")))
                .contains("pitstop_indexes_invalid{application=\"blog\"} 0.0");
    }
}
