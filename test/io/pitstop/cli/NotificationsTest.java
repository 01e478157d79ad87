package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
import io.pitstop.notify.Channel;
import io.pitstop.proxy.TestProxy;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release that was switched an hour ago behind a real proxy, the agent as a process, and a channel where people read. */
class NotificationsTest {
    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();
    private final Channel channel = new Channel();
    private TestProxy proxy;

    @BeforeEach
    void a_release_that_was_switched() throws IOException {
        proxy = new TestProxy(folder.resolve("proxy"));
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "%s" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "%s", tokenFile: proxy/token } }
                contract: { after: 1h }
                notifications:
                  - slack: { url: "${SLACK_WEBHOOK}", on: [rolled-back] }
                  - post: { url: "${HOOK}" }
                """
                        .formatted(database.url(), proxy.admin()));
        ReleaseJournal journal = new ReleaseJournal(database.database(), "blog", new Actor("ann", "", "here"));
        Release release = journal.open("2", "1", Colour.GREEN);
        try (Lease lease = journal.lease(release, "given")) {
            for (Fact fact : new Fact[] {Fact.EXPANDED, Fact.DEPLOYED, Fact.BACKFILLED, Fact.SWITCHED}) {
                lease.record(fact, Map.of());
            }
        }
        database.execute("UPDATE pitstop.facts SET at = now() - interval '1 hour'");
    }

    @AfterEach
    void stop() {
        channel.close();
        proxy.close();
    }

    @Test
    void people_are_reminded_asked_and_told_and_nothing_shows_where() throws Exception {
        assertThat(run("status").exitCode()).isZero();
        assertThat(channel.occasions()).containsExactly("contract-due");

        Ended asked = run("approve", "--step", "contract");
        assertThat(asked.exitCode()).as(asked.output()).isZero();
        assertThat(channel.occasions()).containsExactly("contract-due", "approval-needed");

        Ended refused = run("contract");
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(3);
        assertThat(channel.taken).hasSize(2);

        Ended back = run("rollback");
        assertThat(back.exitCode()).as(back.output()).isZero();
        assertThat(channel.taken).hasSize(4);
        assertThat(channel.taken.subList(2, 4))
                .extracting(one -> one.body().has("blocks"))
                .containsExactlyInAnyOrder(true, false);

        Ended status = run("status");
        assertThat(status.output()).contains("notify: announced, by ");
        for (Ended ended : List.of(asked, refused, back, status, run("plan"), run("status", "--json"))) {
            assertThat(ended.output()).doesNotContain(Channel.SECRET, "warning");
        }
        assertThat(channel.taken).hasSize(4);
    }

    @Test
    void a_channel_that_never_answers_neither_fails_a_rollback_nor_holds_it_up_for_long() throws Exception {
        channel.neverAnswers();

        long begun = System.nanoTime();
        Ended back = run("rollback", "--result", "back.json");
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;

        assertThat(back.exitCode()).as(back.output()).isZero();
        assertThat(back.output())
                .contains("warning: notifications[0] (slack) was not told of rolled-back: it did not answer in time.")
                .doesNotContain(Channel.SECRET);
        assertThat(seconds).as("with the start of a process").isLessThan(20);
        assertThat(result("back.json").path("exitCode").asInt()).isZero();
    }

    @Test
    void doctor_names_who_is_told_and_what_keeps_it() throws Exception {
        Ended examined = run("doctor");

        assertThat(examined.output())
                .contains(
                        "ok   notify       notifications[0] (slack) at 127.0.0.1: rolled-back",
                        "ok   notify       notifications[1] (post) at 127.0.0.1: approval-needed, switched,")
                .doesNotContain(Channel.SECRET);
        assertThat(channel.taken).isEmpty();

        Ended tested = run("doctor", "--notify");
        assertThat(tested.output())
                .contains("notifications[0] (slack) took a test message", "notifications[1] (post) took a test message")
                .doesNotContain(Channel.SECRET);
        assertThat(channel.occasions()).contains("test").hasSize(2);

        Ended bare = new AgentProcess(folder, new HashMap<>(database.environment())).run("doctor");
        assertThat(bare.output())
                .contains(
                        "BAD  notify       notifications[0] (slack): the environment variable SLACK_WEBHOOK is not set",
                        "Next: Set it before you call pitstop, in Jenkins by withCredentials.");
    }

    private Ended run(String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("SLACK_WEBHOOK", channel.url());
        environment.put("HOOK", channel.url());
        return new AgentProcess(folder, environment).run(arguments);
    }

    private JsonNode result(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }
}
