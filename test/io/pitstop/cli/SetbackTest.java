package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps of the agent as a process that come to no good end, by what the release knows of them afterwards. */
class SetbackTest {
    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();
    private final ReleaseJournal journal =
            new ReleaseJournal(database.database(), "blog", new Actor("ann", "build-7", "node-1"));

    @BeforeEach
    void a_release_whose_router_is_down() throws Exception {
        SmallConfig.write(folder, database.url());
        Release release = journal.open("2", "1", Colour.GREEN);
        try (Lease lease = journal.lease(release, "given")) {
            for (Fact fact : List.of(Fact.EXPANDED, Fact.DEPLOYED, Fact.BACKFILLED, Fact.SMOKE_TESTED)) {
                lease.record(fact, Map.of());
            }
        }
    }

    @Test
    void why_a_step_failed_is_on_the_page_and_in_the_status() throws Exception {
        Ended failed = run("switch-traffic");

        assertThat(failed.exitCode()).as(failed.output()).isEqualTo(5);
        assertThat(run("status").output())
                .containsPattern("  failed     switch-traffic at .*127\\.0\\.0\\.1:1")
                .contains("  event      ");
        run("report", "page");
        assertThat(Files.readString(folder.resolve("page/index.html")))
                .contains("✗ Failed at switch-traffic.", "switch-traffic failed: ", "<p>Next: ");
    }

    @Test
    void what_was_refused_before_it_began_leaves_no_trace() throws Exception {
        Ended refused = run("contract");

        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(3);
        assertThat(journal.events(journal.latest().orElseThrow()))
                .extracting(Event::step)
                .containsOnly("given");
    }

    private Ended run(String... arguments) throws Exception {
        return new AgentProcess(folder, database.environment()).run(arguments);
    }
}
