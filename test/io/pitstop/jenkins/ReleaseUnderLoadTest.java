package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.database.Database;
import io.pitstop.demo.Stage;
import io.pitstop.demo.TestStage;
import io.pitstop.demo.witness.Testimony;
import io.pitstop.demo.witness.Witness;
import io.pitstop.demo.witness.WitnessPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real release of the blog, by pipelines as users write them: Jenkins restarts at every step, every node is a new one,
 * and the agent, PostgreSQL, Terraform, the proxy, both versions of the blog and their users are real.
 */
class ReleaseUnderLoadTest {
    private static final int POSTS = 10_000;
    private static final String SWITCH = "approve-switch-traffic";
    private static final String CONTRACT = "approve-contract";
    private static final String ROLLBACK = "the question of the rollback job, which has no id";
    private static final Map<String, Object> PARAMETERS = Map.of(
            "VERSION",
            "2",
            "RELEASE",
            "",
            "BATCH_ROWS",
            "5000",
            "NODES",
            "1",
            "ABANDON",
            false,
            "WITHOUT_JOURNAL",
            "no");

    @TempDir
    private Path folder;

    @Test
    void pitstop_pipeline_releases_without_a_failed_request_or_a_lost_write() throws Throwable {
        underLoad(nodes -> {
            nodes.somebodyPushes();
            CpsWorld jenkins = run(
                    nodes,
                    """
                    @Library('pitstop') _
                    pitstopPipeline(version: params.VERSION, label: 'linux', credentialsId: 'blog-db',
                        approvers: 'release-managers', steps: [50, 100], bakeTime: '4s', watch: '1s')
                    """,
                    SWITCH,
                    CONTRACT);

            assertThat(jenkins.made("sleep")).as("waits of the bakes").hasSizeGreaterThanOrEqualTo(2);
            assertThatNobodyHoldsANode(jenkins);
        });
    }

    @Test
    void the_jobs_to_copy_release_go_back_and_release_again_without_a_failed_request_or_a_lost_write()
            throws Throwable {
        underLoad(nodes -> {
            assertThatThrownBy(() -> run(nodes, job("Jenkinsfile.scripted"), SWITCH))
                    .isInstanceOf(BuildAborted.class);
            assertThat(nodes.log()).contains("green is live with 2.");
            run(nodes, job("Jenkinsfile.backfill"));
            run(nodes, job("Jenkinsfile.rollback"), ROLLBACK);
            run(nodes, job("Jenkinsfile.contract"));
            nodes.somebodyPushes();
            assertThatNobodyHoldsANode(run(nodes, job("Jenkinsfile"), SWITCH, CONTRACT));
        });
    }

    private interface Builds {
        void run(RealNodes nodes) throws Throwable;
    }

    private void underLoad(Builds builds) throws Throwable {
        boolean git =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(bin -> Files.isExecutable(Path.of(bin, "git")));
        Assumptions.assumeTrue(git, "git is not installed");
        try (Stage stage = TestStage.open(folder.resolve("stage"), POSTS)) {
            RealNodes nodes = new RealNodes(stage, folder.resolve("jenkins"));
            Database database = Database.from(stage.config().database(), "blog", stage.environment());
            try (Witness witness = Witness.start(new WitnessPlan(stage.router(), stage.seed(), 20, 100), database)) {
                builds.run(nodes);
                assertClean(witness.stop());
            }
            assertThat(nodes.log())
                    .contains("contracted")
                    .doesNotContain(stage.environment().get("PITSTOP_DB_PASSWORD"));
        }
    }

    private static String job(String file) throws IOException {
        return Files.readString(Path.of("resources/jenkins", file)).replace("bakeTime: '5m'", "bakeTime: '1s'");
    }

    private static void assertThatNobodyHoldsANode(CpsWorld jenkins) {
        assertThat(jenkins.made())
                .filteredOn(one -> List.of("sleep", "input").contains(one.call().name()))
                .hasSizeGreaterThanOrEqualTo(2)
                .noneMatch(one -> one.within().contains("node"));
    }

    /** @param approved what people say yes to; whatever else they are asked ends the build */
    private static CpsWorld run(RealNodes nodes, String jenkinsfile, String... approved) throws Throwable {
        CpsWorld jenkins = nodes.serve(new CpsWorld(jenkinsfile))
                .variable("params", new HashMap<>(PARAMETERS))
                .on("input", call -> {
                    if (!List.of(approved).contains(call.named("id") == null ? ROLLBACK : call.named("id"))) {
                        throw new BuildAborted("Rejected by bob");
                    }
                    return "alice";
                });
        try {
            jenkins.restarting().run();
        } catch (BuildFailed failed) {
            throw new AssertionError(nodes.log(), failed);
        }
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size());
        return jenkins;
    }

    private static void assertClean(Testimony testimony) {
        assertThat(testimony.failures()).isEmpty();
        assertThat(testimony.findings()).isEmpty();
        assertThat(testimony.isClean()).isTrue();
        assertThat(testimony.writes()).isPositive();
    }
}
