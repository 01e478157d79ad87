package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process, in a pull request: no database, no password; version 2 drops a column in expand. */
class CheckCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write_the_repository() throws IOException {
        write(
                "pitstop.yml",
                """
                application: blog
                database: { url: "${DATABASE_URL}" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                """);
        write("db/migration/V1__posts.sql", "CREATE TABLE posts (id bigint PRIMARY KEY, title text, slug text);\n");
        write("db/migration/V2__no_slug.sql", "-- nobody needs it\nALTER TABLE posts DROP COLUMN slug;\n");
    }

    @Test
    void an_error_is_shown_with_its_place_and_refused() throws Exception {
        Ended ended = check("--since", "1");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output())
                .contains("db/migration/V2__no_slug.sql:2: error drop-column")
                .contains("Write instead:", "db/contract", "Judged 1 script: 1 error, 0 warnings.", "Next: ");
    }

    @Test
    void what_production_has_already_is_not_judged() throws Exception {
        Ended ended = check("--since", "2");

        assertThat(ended.output()).contains("There is no script to judge.");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void without_since_each_script_is_a_release_and_the_option_is_mentioned() throws Exception {
        assertThat(check().output()).contains("Judged 2 scripts: 1 error", "--since VERSION");
    }

    @Test
    void only_the_files_that_are_named_are_judged() throws Exception {
        write("db/migration/V3__more.sql", "DROP TABLE posts;");

        assertThat(check("db/migration/V2__no_slug.sql").output()).contains("Judged 1 script: 1 error");
        assertThat(check("db/migration/V1__posts.sql").exitCode()).isZero();
    }

    @Test
    void warnings_alone_are_no_refusal() throws Exception {
        write("db/migration/V2__no_slug.sql", "ALTER TABLE posts ADD COLUMN settings json;");

        Ended ended = check("--since", "1");

        assertThat(ended.output()).contains("warning json-column", "0 errors, 1 warning.");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void the_outcome_is_there_for_tools() throws Exception {
        check("--since", "1", "--result", "out/result.json", "--sarif", "out/check.sarif", "--junit", "out/check.xml");

        JsonNode result = json("out/result.json");
        assertThat(result.path("command").asText()).isEqualTo("check");
        assertThat(result.path("exitCode").asInt()).isEqualTo(3);
        assertThat(result.path("message").asText()).startsWith("Judged 1 script");
        assertThat(result.path("hint").asText()).contains("pitstop:allow");
        assertThat(result.path("errors").asInt()).isEqualTo(1);
        JsonNode finding = result.path("findings").path(0);
        assertThat(finding.path("rule").asText()).isEqualTo("drop-column");
        assertThat(finding.path("severity").asText()).isEqualTo("error");
        assertThat(finding.path("judge").asText()).isEqualTo("rules");
        assertThat(finding.path("file").asText()).isEqualTo("db/migration/V2__no_slug.sql");
        assertThat(finding.path("line").asInt()).isEqualTo(2);
        assertThat(json("out/check.sarif").path("version").asText()).isEqualTo("2.1.0");
        assertThat(folder.resolve("out/check.xml")).content().contains("<failure");
    }

    @Test
    void scripts_are_tried_where_somebody_names_a_database_and_the_note_says_so() throws Exception {
        write("db/migration/V2__no_slug.sql", "DO $$ BEGIN EXECUTE 'ALTER TABLE posts DROP ' || 'slug'; END $$;");
        write("live.json", "{\"statements\": [{\"calls\": 7, \"query\": \"SELECT slug FROM posts WHERE id = $1\"}]}");

        Ended ended = scratch(
                TestDatabase.create(),
                "--since 1 --trial require --statements live.json --result out.json --sarif s.json");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output())
                .contains("note: tried on PostgreSQL", "error observed-removal", "error live-statement-fails");
        assertThat(json("out.json").path("notes").path(0).asText()).startsWith("tried on PostgreSQL");
        assertThat(json("out.json").path("findings").findValuesAsText("judge")).contains("trial", "live");
        assertThat(json("s.json").path("runs").path(0).path("results").findValuesAsText("ruleIndex"))
                .hasSize(json("out.json").path("findings").size());
    }

    @Test
    void without_a_place_to_try_them_the_rules_judge_alone_and_a_note_says_so() throws Exception {
        Ended ended = check("--since", "1", "--server-version", "99");

        assertThat(ended.output()).contains("note: No trial run was held:", "Only the rules have judged.");
        assertThat(ended.output()).contains("error drop-column");
    }

    @Test
    void a_trial_that_is_required_and_cannot_be_held_is_a_refusal() throws Exception {
        Ended ended = check("--since", "1", "--server-version", "99", "--trial", "require");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output()).contains("PostgreSQL 99", "--scratch-url");
    }

    @Test
    void a_database_with_something_in_it_is_no_scratch_database() throws Exception {
        TestDatabase production = TestDatabase.create().execute("CREATE TABLE posts (id int)");

        Ended ended = scratch(production, "--since 1");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).contains("is not empty: it holds 1 relations");
        assertThat(production.query("SELECT to_regclass('posts')")).isEqualTo("posts");
    }

    @Test
    void only_one_phase_is_judged_if_one_is_named() throws Exception {
        assertThat(check("--phase", "finish,contract").exitCode()).isZero();
    }

    @Test
    void what_cannot_be_understood_is_named() throws Exception {
        refused("--phase is 'expnad'", "--phase", "expnad");
        refused("--server-version is 'new'", "--server-version", "new");
        refused("--since is 'V2'", "--since", "V2");
        refused("--trial is 'maybe'", "--trial", "maybe");
        refused("nothing.sql is not a script", "nothing.sql");
        refused("Give one of them", "--since", "1", "db/migration/V2__no_slug.sql");
        refused("none.yml", "--config", "none.yml");
    }

    private Ended scratch(TestDatabase database, String arguments) throws Exception {
        Map<String, String> environment =
                Map.of("PITSTOP_SCRATCH_URL", database.url(), "PITSTOP_SCRATCH_USER", "postgres");
        return new AgentProcess(folder, environment).run(("check " + arguments).split(" "));
    }

    private void refused(String why, String... arguments) throws Exception {
        Ended ended = check(arguments);

        assertThat(ended.output()).contains(why).contains("Next: ").doesNotContain("\tat ");
        assertThat(ended.exitCode()).isEqualTo(2);
    }

    private Ended check(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "check";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new AgentProcess(folder, Map.of()).run(all);
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(name).toFile());
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
