package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step of the agent as a process, whose figures go to a folder. */
class MetricsTest {
    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void figures_go_to_a_folder() throws IOException {
        SmallConfig.write(folder, database.url(), "metrics: { textfile: figures }");
    }

    @Test
    void a_step_leaves_how_it_ended_what_holds_now_and_how_the_database_was() throws Exception {
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

    @Test
    void how_far_the_schema_is_between_two_versions_is_a_figure() throws Exception {
        ReleaseJournal journal = new ReleaseJournal(database.database(), "blog", new Actor("ann", "build-7", "node-1"));
        try (Lease lease = journal.lease(journal.open("2", "1", Colour.GREEN), "given")) {
            for (Fact fact : List.of(Fact.EXPANDED, Fact.BACKFILLED, Fact.SMOKE_TESTED)) {
                lease.record(fact, Map.of());
            }
        }

        Ended ended = new AgentProcess(folder, database.environment()).run("smoke-test");

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(Files.readString(folder.resolve("figures/pitstop-blog.prom")))
                .contains("pitstop_release_phase{application=\"blog\"} 2.0");
    }
}
