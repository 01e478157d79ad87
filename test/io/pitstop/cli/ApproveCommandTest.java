package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release that was switched an hour ago, and the agent as a process; nobody started the proxy. */
class ApproveCommandTest {
    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void a_release_that_waits_for_its_contract() throws IOException {
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "%s" }
                environments: { terraform: none, health: { path: /health }, idle: destroy }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                contract: { after: 1h }
                """
                        .formatted(database.url()));
        Files.writeString(folder.resolve("token"), "none");
        script("ALTER TABLE posts DROP COLUMN author_name;");
        database.execute("CREATE TABLE posts (id int PRIMARY KEY, author_name text)");
        ReleaseJournal journal = new ReleaseJournal(database.database(), "blog", new Actor("ann", "", "here"));
        Release release = journal.open("2", "1", Colour.GREEN);
        try (Lease lease = journal.lease(release, "given")) {
            for (Fact fact : new Fact[] {Fact.EXPANDED, Fact.DEPLOYED, Fact.BACKFILLED, Fact.SWITCHED}) {
                lease.record(fact, Map.of());
            }
        }
        database.execute("UPDATE pitstop.facts SET at = now() - interval '1 hour'");
    }

    @Test
    void what_contract_would_do_is_shown_approved_and_held_to() throws Exception {
        Ended shown = run("approve", "--step", "contract", "--result", "asked.json");
        JsonNode asked = result("asked.json");

        assertThat(shown.exitCode()).as(shown.output()).isZero();
        assertThat(shown.output())
                .contains(
                        "What contract would do:",
                        "    goes: 1 on blue",
                        "    bake demanded: 1h",
                        "    compute of blue: is destroyed",
                        "    applies V1__drop.sql: sha256 ",
                        "Now:",
                        "    traffic: no answer. ",
                        "Afterwards:",
                        "    rollback: refused. ",
                        asked.path("hash").asText());
        assertThat(asked.path("step").asText()).isEqualTo("contract");
        assertThat(asked.path("open").asBoolean()).isTrue();
        assertThat(asked.path("subject").get(1).asText()).isEqualTo("release: blog-2-1");
        assertThat(asked.path("question").asText()).startsWith("Approve contract of blog-2-1? ");

        assertThat(run("contract").output()).contains("Nobody has approved contract of blog-2-1.");
        approve(asked.path("hash").asText());

        assertThat(run("status").output()).containsPattern("approval   contract approved by eve at 2");
        assertThat(run("report", "page").output()).contains("blog-2-1 is in page/index.html");
        assertThat(run("status", "--report", "alias").exitCode()).isZero();
        for (String page : List.of("page", "alias")) {
            assertThat(folder.resolve(page).resolve("index.html"))
                    .content()
                    .contains("<td>contract</td><td>approved by eve at 2", "<li>release: blog-2-1</li>")
                    .contains("<li>the router does not answer: ");
        }
        Ended contract = run("contract");
        assertThat(contract.exitCode())
                .as("it goes on until it needs the router")
                .isEqualTo(5);
        assertThat(contract.output()).contains("127.0.0.1:1");
    }

    @Test
    void what_check_finds_in_the_scripts_is_shown() throws Exception {
        script("CREATE INDEX posts_author ON posts (author_name);");

        assertThat(run("approve", "--step", "contract").output()).containsPattern("error in V1__drop\\.sql:1 \\S+: ");
    }

    @Test
    void a_risk_is_accepted_with_the_question_and_shown() throws Exception {
        assertThat(run("approve", "--step", "contract", "--accept-risk", "nobody reads it")
                        .output())
                .contains("    goes on without evidence that is missing, accepted: by ")
                .contains("    nobody knows: which statements ran since the switch, as nobody looked then");

        Ended answered = run("approve", "--step", "contract", "--accept-risk", "no", "--by", "eve", "--declined", "no");
        assertThat(answered.exitCode()).isEqualTo(2);
        assertThat(answered.output()).contains("Give it when you ask, without --by.");
    }

    @Test
    void a_script_that_was_changed_while_people_thought_is_named() throws Exception {
        run("approve", "--step", "contract", "--result", "asked.json");
        String hash = result("asked.json").path("hash").asText();
        script("DROP TABLE posts;");

        Ended refused = run("approve", "--step", "contract", "--by", "eve", "--hash", hash, "--result", "said.json");

        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(result("said.json").path("message").asText())
                .startsWith("contract of blog-2-1 is not what was shown any more: applies V1__drop.sql was sha256 ");
        assertThat(run("contract").output()).contains("Nobody has approved");
    }

    @Test
    void a_script_that_was_changed_after_the_approval_is_refused_and_named() throws Exception {
        run("approve", "--step", "contract", "--result", "asked.json");
        approve(result("asked.json").path("hash").asText());
        script("DROP TABLE posts;");

        Ended refused = run("contract");

        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.output())
                .contains("was approved by eve at 2", "not what was approved any more: applies V1__drop.sql was sha256")
                .contains("Next: Have it approved again with pitstop approve --step contract");
        assertThat(database.query("SELECT count(*) FROM posts")).isEqualTo("0");
    }

    @Test
    void a_no_is_remembered_with_its_reason() throws Exception {
        assertThat(run("approve", "--step", "contract", "--by", "bob", "--declined", "the audit runs")
                        .exitCode())
                .isZero();

        assertThat(run("contract").output()).containsPattern("declined by bob at \\S+: the audit runs");
        assertThat(run("status", "--json").output())
                .containsPattern("(?s)\"approvals\" : \\[ \\{.*\"approved\" : false.*\"person\" : \"bob\"");
    }

    private void approve(String hash) throws Exception {
        Ended approved = run("approve", "--step", "contract", "--by", "eve", "--hash", hash);
        assertThat(approved.exitCode()).as(approved.output()).isZero();
        assertThat(approved.output()).contains("contract of blog-2-1 was approved by eve at 2");
    }

    private void script(String sql) throws IOException {
        Path file = folder.resolve("db/contract/V1__drop.sql");
        Files.createDirectories(file.getParent());
        Files.writeString(file, sql);
    }

    private JsonNode result(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    private Ended run(String... arguments) throws Exception {
        return new AgentProcess(folder, new HashMap<>(database.environment())).run(arguments);
    }
}
