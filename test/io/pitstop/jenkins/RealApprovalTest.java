package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Approval;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step approve with the real agent and a real journal, in which a release waits for its contract; eve is asked. */
class RealApprovalTest {
    private static final String APPROVE = "return approve(step: 'contract')";

    @TempDir
    Path folder;

    private final TestDatabase database = TestDatabase.create();
    private final ReleaseJournal journal =
            new ReleaseJournal(database.database(), "blog", new Actor("ann", "", "here"));
    private CpsWorld jenkins;
    private Runnable whilePeopleThink = () -> {};

    @BeforeEach
    void aNodeWithTheAgent() throws IOException {
        FakeNode node = new FakeNode(folder);
        Files.writeString(
                folder.resolve("agent/pitstop"),
                """
                #!/bin/sh
                export PITSTOP_DB_USER=postgres PITSTOP_DB_PASSWORD=postgres
                exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' io.pitstop.cli.Main "$@"
                """
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
        Files.writeString(
                node.workspace().resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "%s" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                """
                        .formatted(database.url()));
        Files.writeString(node.workspace().resolve("token"), "none");
        Release release = journal.open("2", "1", Colour.GREEN);
        record(release, Fact.EXPANDED, Fact.DEPLOYED, Fact.BACKFILLED, Fact.SWITCHED);
        jenkins = node.serve(new CpsWorld(APPROVE)).restarting().on("input", call -> {
            whilePeopleThink.run();
            return "eve";
        });
    }

    @Test
    void what_people_saw_and_approved_is_in_the_journal_under_their_names() throws Throwable {
        Map<?, ?> result = (Map<?, ?>) jenkins.run();

        Approval approval = journal.approvals(release()).get(0);
        assertThat(approval.decision().person()).isEqualTo("eve");
        assertThat(approval.decision().approved()).isTrue();
        assertThat(approval.decision().hash()).isEqualTo(result.get("hash"));
        assertThat(jenkins.made("input").get(0).call().named("message").toString())
                .startsWith("Approve contract of blog-2-1? ")
                .contains(approval.decision().subject().get(1))
                .endsWith("Its hash is " + approval.decision().hash() + ".");
    }

    @Test
    void nobody_is_asked_twice_about_the_same() throws Throwable {
        jenkins.run();
        jenkins.run();

        assertThat(jenkins.made("input")).hasSize(1);
    }

    @Test
    void what_changed_while_people_thought_ends_the_build_with_the_difference() {
        whilePeopleThink = () -> record(release(), Fact.SWITCHED);

        assertThatThrownBy(jenkins::run)
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("contract of blog-2-1 is not what was shown any more: switched was 2");
        assertThat(journal.approvals(release())).isEmpty();
    }

    @Test
    void a_no_is_in_the_journal_and_the_abort_goes_on() {
        whilePeopleThink = () -> {
            throw new BuildAborted("Rejected by bob");
        };

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class).hasMessage("Rejected by bob");

        assertThat(journal.approvals(release()).get(0).toString())
                .matches("declined by unknown at \\S+: declined, aborted or not answered within 8h");
        assertThat(release().is(Fact.SWITCHED)).isTrue();
    }

    private Release release() {
        return journal.latest().orElseThrow();
    }

    private void record(Release release, Fact... facts) {
        try (Lease lease = journal.lease(release, "given")) {
            List.of(facts).forEach(fact -> lease.record(fact, Map.of()));
        }
    }
}
