package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.Database;
import io.pitstop.demo.Stage;
import io.pitstop.demo.TestStage;
import io.pitstop.demo.witness.Testimony;
import io.pitstop.demo.witness.Witness;
import io.pitstop.demo.witness.WitnessPlan;
import io.pitstop.jenkins.CpsWorld.Made;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real release of the blog, by pipelines as users write them: Jenkins restarts at every step, every node is a new one,
 * and the agent, PostgreSQL, Terraform, the proxy, both versions of the blog and their users are real.
 */
class ReleaseUnderLoadTest {
    private static final int POSTS = 10_000;

    @TempDir
    private Path folder;

    @Test
    void pitstop_pipeline_releases_without_a_failed_request_or_a_lost_write() throws Throwable {
        CpsWorld jenkins = release(
                """
                @Library('pitstop') _
                pitstopPipeline(version: params.VERSION, label: 'linux', credentialsId: 'blog-db',
                    approvers: 'release-managers', steps: [50, 100], bakeTime: '4s', watch: '1s')
                """);

        assertThat(jenkins.made("sleep")).as("waits of the bakes").hasSizeGreaterThanOrEqualTo(2);
        assertThat(waits(jenkins)).as("waits on a node").noneMatch(wait -> wait.within()
                .contains("node"));
    }

    @Test
    void the_declarative_job_releases_without_a_failed_request_or_a_lost_write() throws Throwable {
        String job =
                Files.readString(Path.of("resources/jenkins/Jenkinsfile")).replace("bakeTime: '5m'", "bakeTime: '1s'");

        CpsWorld jenkins = release(job);

        assertThat(jenkins.made("input")).hasSize(2).noneMatch(one -> one.within()
                .contains("node"));
    }

    private CpsWorld release(String jenkinsfile) throws Throwable {
        try (Stage stage = TestStage.open(folder.resolve("stage"), POSTS)) {
            RealNodes nodes = new RealNodes(stage, folder.resolve("jenkins"));
            CpsWorld jenkins = nodes.serve(new CpsWorld(jenkinsfile))
                    .variable("params", new HashMap<>(Map.of("VERSION", "2")))
                    .on("input", call -> "alice")
                    .restarting();
            Database database = Database.from(stage.config().database(), "blog", stage.environment());
            try (Witness witness = Witness.start(new WitnessPlan(stage.router(), stage.seed(), 20, 100), database)) {
                run(jenkins, nodes);
                assertClean(witness.stop());
            }
            assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(50);
            assertThat(nodes.log())
                    .contains("contracted")
                    .doesNotContain(stage.environment().get("PITSTOP_DB_PASSWORD"));
            return jenkins;
        }
    }

    private static void run(CpsWorld jenkins, RealNodes nodes) throws Throwable {
        try {
            jenkins.run();
        } catch (BuildFailed failed) {
            throw new AssertionError(nodes.log(), failed);
        }
    }

    private static void assertClean(Testimony testimony) {
        assertThat(testimony.failures()).isEmpty();
        assertThat(testimony.findings()).isEmpty();
        assertThat(testimony.isClean()).isTrue();
        assertThat(testimony.writes()).isPositive();
    }

    private static List<Made> waits(CpsWorld jenkins) {
        return jenkins.made().stream()
                .filter(one -> List.of("sleep", "input").contains(one.call().name()))
                .toList();
    }
}
