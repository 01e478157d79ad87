package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Missing;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.step.inquiry.Inquiry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users have version 2; contract drops column posts.author_name, view old_posts and table old_log. */
class StatementEvidenceTest {
    @TempDir
    private Path folder;

    private final Situation at = new Situation();

    @BeforeEach
    void users_have_the_new_version() {
        at.server.execute(
                "CREATE TABLE posts (id int PRIMARY KEY, title text, author_name text, author_id int)",
                "CREATE TABLE old_log (id int)",
                "CREATE VIEW old_posts AS SELECT id, title FROM posts",
                "CREATE FUNCTION titles() RETURNS SETOF text LANGUAGE sql AS 'SELECT title FROM posts'",
                "SELECT author_name FROM posts",
                "SELECT * FROM old_log");
        at.sql(
                folder,
                "contract/V1__drop.sql",
                "DROP VIEW old_posts; ALTER TABLE posts DROP COLUMN author_name; DROP TABLE old_log;");
        at.given(SWITCHED, BACKFILLED);
    }

    @Test
    void what_the_old_version_did_before_the_switch_is_of_no_interest() {
        at.server.execute("SELECT id, title FROM posts", "UPDATE posts SET title = 'x' WHERE id = 1");

        Inquiry.Answer answer = ask();

        assertThat(answer.missing()).isEmpty();
        assertThat(answer.shown()).singleElement().asString().matches("none of \\d+ statements that ran since .*");
    }

    @Test
    void a_disk_that_is_full_for_a_moment_at_the_switch_costs_no_evidence() {
        at.server.execute(
                "CREATE SEQUENCE looks",
                "CREATE FUNCTION full_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('looks') = 1 THEN"
                        + " RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'No space left'; END IF;"
                        + " RETURN NEW; END $$",
                "CREATE TRIGGER full_once BEFORE INSERT ON pitstop.statement_looks FOR EACH ROW"
                        + " EXECUTE FUNCTION full_once()");

        try (Lease lease = at.journal.lease(at.release(), "switch-traffic")) {
            assertThat(at.statements().look(lease)).isEmpty();
        }
        assertThat(at.server.query("SELECT last_value FROM looks")).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT author_name FROM posts | posts.author_name",
                "SELECT * FROM posts WHERE id = 7 | posts.author_name",
                "INSERT INTO posts VALUES (7) | posts.author_name",
                "SELECT count(*) FROM old_posts | old_posts",
                "DELETE FROM old_log | old_log",
                "SELECT names() | posts.author_name by names()",
                "SELECT renamed('ann') | posts.author_name by renamed()",
            })
    void a_statement_that_uses_what_goes_is_named(String sql, String used) {
        at.server.execute(
                "CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT author_name FROM posts'",
                "CREATE FUNCTION renamed(t text) RETURNS int LANGUAGE plpgsql AS"
                        + " 'BEGIN UPDATE posts SET author_name = t; RETURN 1; END'");
        at.server.execute(sql);

        assertThatThrownBy(this::ask)
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining(" uses " + used + " (postgres, 1 times)");

        assertThat(at.events()).contains("still used");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT titles()",
                "SELECT count(*) FROM posts",
                "ANALYZE posts",
                "COPY public.posts (id, title, author_name, author_id) TO STDOUT",
            })
    void what_goes_on_without_it_is_no_use(String sql) throws Exception {
        if (sql.startsWith("COPY")) {
            copy(sql);
        } else {
            at.server.execute(sql);
        }

        assertThat(ask().missing()).isEmpty();
    }

    @Test
    void a_dump_is_told_apart() throws Exception {
        copy("COPY public.posts (id, title, author_name, author_id) TO STDOUT");

        assertThat(ask().shown().get(0)).endsWith("1 of dumps are not counted)");
    }

    @Test
    void our_own_statements_are_told_apart() {
        at.sql(
                folder,
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_name IS NOT NULL AND author_id IS NULL
                UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to;
                """);
        at.backfillJob(folder).remaining();
        try (Lease lease = at.journal.lease(at.release(), "contract")) {
            at.contractScripts(folder).keep(lease).close();
        }

        assertThat(ask().missing()).isEmpty();
    }

    @Test
    void what_was_used_once_may_go_when_nobody_has_used_it_for_as_long_as_the_bake() {
        at.server.execute("SELECT author_name FROM posts");
        assertThatThrownBy(() -> ask(Duration.ofHours(1))).hasMessageContaining("was used since");

        assertThatThrownBy(() -> ask(Duration.ofHours(1)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("which is not 1h ago yet");
        assertThat(ask().missing()).isEmpty();
    }

    @Test
    void without_the_extension_the_evidence_is_missing_and_it_is_said_how_to_get_it() {
        at.server.execute("DROP EXTENSION pg_stat_statements");

        assertThat(ask().missing())
                .extracting(Missing::toString)
                .containsExactly("Nobody knows which statements ran since the switch: the extension pg_stat_statements"
                        + " is not there. Add it to shared_preload_libraries, and CREATE EXTENSION pg_stat_statements,"
                        + " before the switch.");
    }

    @Test
    void statistics_that_were_reset_are_no_evidence() {
        at.server.execute(
                "SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)");

        assertThat(ask().missing().get(0).what()).startsWith("pg_stat_statements was reset since");
    }

    @Test
    void what_uses_it_is_found_after_a_reset_too() {
        at.server.execute(
                "SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)",
                "SELECT author_name FROM posts");

        assertThatThrownBy(this::ask).isInstanceOf(MoveRefused.class).hasMessageContaining("was used since");
    }

    @Test
    void if_nobody_looked_at_the_switch_the_watch_begins_with_contract() {
        at.server.execute("DELETE FROM pitstop.statement_looks");

        assertThat(ask().missing().get(0).how()).startsWith("Run contract again after");
        assertThat(ask().missing()).isEmpty();
    }

    @Test
    void a_role_that_may_not_see_the_statements_of_others_knows_nothing() {
        Release release = at.release();
        String database = at.server.query("SELECT current_database()");
        at.server.execute(
                "CREATE ROLE blind_" + database, "ALTER DATABASE " + database + " SET role = 'blind_" + database + "'");

        assertThat(at.statements().since(release).missing().get(0).how())
                .isEqualTo("GRANT pg_read_all_stats TO blind_" + database + ", before the switch.");
    }

    @Test
    void a_function_that_nobody_can_read_leaves_it_open() {
        at.server.execute(
                "CREATE FUNCTION composed() RETURNS int LANGUAGE plpgsql AS"
                        + " 'BEGIN EXECUTE format(''SELECT %I FROM posts'', ''author_name''); RETURN 0; END'",
                "SELECT composed()");

        assertThat(ask().missing())
                .singleElement()
                .extracting(Missing::what)
                .asString()
                .contains("do not show what they use, such as \"SELECT composed()\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DECLARE r record; BEGIN FOR r IN SELECT author_name FROM posts LOOP RETURN 1; END LOOP; RETURN 0; END",
                "DECLARE n text := (SELECT max(author_name) FROM posts); BEGIN RETURN 0; END",
                "DECLARE n text; BEGIN n := (SELECT max(author_name) FROM posts); RETURN 0; END",
                "DECLARE n posts.author_name%TYPE; BEGIN RETURN 0; END",
                "BEGIN IF EXISTS (SELECT FROM posts WHERE author_name = ''x'') THEN RETURN 1; END IF; RETURN 0; END",
                "BEGIN RETURN (SELECT count(author_name) FROM posts); END",
                "BEGIN EXECUTE ''UPDATE posts SET author_name = 1''; RETURN 0; END",
            })
    void a_function_that_is_called_is_read_whatever_its_text_looks_like(String body) {
        at.server.execute("CREATE FUNCTION looped() RETURNS int LANGUAGE plpgsql AS '" + body + "'", "SELECT looped()");

        assertThatThrownBy(this::ask)
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("uses posts.author_name by looped()");
    }

    @Test
    void a_function_that_calls_one_that_uses_it_is_seen_through() {
        at.server.execute(
                "CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT author_name FROM posts'",
                "CREATE FUNCTION report() RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM names(); RETURN 1; END'",
                "SELECT report()");

        assertThatThrownBy(this::ask).hasMessageContaining("posts.author_name by names() by report()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NEW.title := NEW.author_name;",
                "NEW.author_name := 1;",
                "UPDATE posts SET author_name = NEW.title WHERE id = NEW.id;",
                "IF NEW.author_name IS DISTINCT FROM OLD.author_name THEN NEW.title := 1; END IF;",
            })
    void a_trigger_that_stays_and_would_fail_is_named(String body) {
        at.server.execute(
                "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN " + body + " RETURN NEW; END'",
                "CREATE TRIGGER note BEFORE INSERT OR UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION noted()");

        assertThatThrownBy(this::ask)
                .isInstanceOf(MoveRefused.class)
                .hasMessage("Function noted(), which trigger note on posts calls and which stays, still uses"
                        + " posts.author_name: what writes to posts would fail.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TRIGGER note ON posts; DROP FUNCTION noted();",
                "DROP TRIGGER note ON posts;",
                "CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
            })
    void a_trigger_that_goes_or_gets_another_function_with_it_is_no_obstacle(String script) {
        at.server.execute(
                "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.author_name := 1; RETURN NEW; END'",
                "CREATE TRIGGER note BEFORE INSERT OR UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION noted()");
        at.sql(folder, "contract/V2__note.sql", script);

        assertThat(ask().missing()).isEmpty();
    }

    @Test
    void a_function_that_gets_another_body_with_it_is_held_to_that() {
        at.server.execute(
                "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.author_name := 1; RETURN NEW; END'",
                "CREATE TRIGGER note BEFORE INSERT OR UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION noted()");
        at.sql(
                folder,
                "contract/V2__note.sql",
                "CREATE OR REPLACE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.title := NEW.author_name; RETURN NEW; END';");

        assertThatThrownBy(this::ask)
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("noted(), which trigger note on posts calls and which stays, still uses");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"SELECT lower(author_name) FROM posts | 1", "SELECT title FROM posts | 0"})
    void so_is_one_in_sql(String body, int found) {
        at.server.execute("CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT author_name FROM posts'");
        at.sql(
                folder,
                "contract/V2__names.sql",
                "CREATE OR REPLACE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS '" + body + "';");

        assertThat(ask().missing()).hasSize(found);
    }

    @Test
    void a_trigger_of_another_table_with_a_column_of_that_name_is_no_obstacle() {
        at.server.execute(
                "CREATE TABLE logs (author_name text)",
                "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.author_name := 1; RETURN NEW; END'",
                "CREATE TRIGGER note BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION noted()");

        assertThat(ask().missing()).isEmpty();
    }

    @Test
    void a_function_that_stays_and_uses_it_is_named_although_nobody_has_called_it() {
        at.server.execute("CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT author_name FROM posts'");

        assertThat(ask().missing()).singleElement().satisfies(missing -> {
            assertThat(missing.kind()).isEqualTo(Missing.Kind.LEFTOVER);
            assertThat(missing.what()).endsWith("are needed: names() still uses posts.author_name.");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT age(1, 2) | ",
                "SELECT age(now()) | age() or another one that stays",
                "SELECT age(1) | age() or another one that stays",
                "SELECT aged(1) | aged() (",
            })
    void a_call_is_of_the_function_that_takes_its_arguments(String sql, String used) {
        at.server.execute(
                "CREATE FUNCTION age(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION age(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
                "CREATE FUNCTION aged(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 3'");
        at.sql(folder, "contract/V2__age.sql", "DROP FUNCTION age(int); DROP FUNCTION aged(int, int);");
        at.lookAtStatements();
        at.server.execute(sql);

        if (used == null) {
            assertThat(ask().missing()).isEmpty();
        } else {
            assertThatThrownBy(this::ask).hasMessageContaining(" uses " + used);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 'sad'::mood | type mood",
                "SELECT CAST(null AS mood[]) | type mood",
                "SELECT last_value FROM tickets | sequence tickets",
                "SELECT ticket() | sequence tickets by ticket()",
            })
    void what_uses_a_type_or_sequence_that_goes_is_named(String sql, String used) {
        withTypeAndSequence();
        at.server.execute(
                "CREATE FUNCTION ticket() RETURNS bigint LANGUAGE sql AS 'SELECT nextval(''public.tickets'')'", sql);

        assertThatThrownBy(this::ask).isInstanceOf(MoveRefused.class).hasMessageContaining(" uses " + used + " (");
    }

    @Test
    void which_sequence_a_statement_draws_from_the_server_does_not_tell() {
        withTypeAndSequence();
        at.server.execute("SELECT nextval('tickets')");

        assertThat(ask().missing()).singleElement().extracting(Missing::kind).isEqualTo(Missing.Kind.UNREADABLE);
    }

    @Test
    void if_the_old_version_runs_it_in_the_background_it_is_said_what_to_do() {
        at.server.execute("SELECT author_name FROM posts");

        assertThatThrownBy(this::ask).isInstanceOfSatisfying(MoveRefused.class, refusal -> assertThat(refusal.hint())
                .contains("If blue runs them itself while it is idle", "with running = false"));
    }

    private void withTypeAndSequence() {
        at.server.execute("CREATE TYPE mood AS ENUM ('sad')", "CREATE SEQUENCE tickets");
        at.sql(folder, "contract/V2__rest.sql", "DROP TYPE mood; DROP SEQUENCE tickets;");
        at.lookAtStatements();
    }

    @Test
    void what_is_between_the_quotes_of_do_leaves_it_open() {
        at.server.execute("DO $$ BEGIN PERFORM author_name FROM posts; END $$");

        assertThat(ask().missing())
                .singleElement()
                .extracting(Missing::what)
                .asString()
                .contains("\"DO …\"");
    }

    @Test
    void a_procedure_that_uses_it_is_seen_through() {
        at.server.execute(
                "CREATE PROCEDURE nightly() LANGUAGE sql AS 'UPDATE posts SET author_name = lower(author_name)'");
        at.server.execute("CALL nightly()");

        assertThatThrownBy(this::ask)
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("posts.author_name by nightly()");
    }

    @Test
    void a_row_as_a_whole_leaves_it_open() {
        at.server.execute("SELECT to_jsonb(posts) ->> 'author_name' FROM posts");

        assertThat(ask().missing()).hasSize(1);
    }

    private Inquiry.Answer ask() {
        return ask(Duration.ZERO);
    }

    private Inquiry.Answer ask(Duration after) {
        try (Lease lease = at.journal.lease(at.release(), "contract")) {
            return at.statementEvidence(folder, after).ask(lease);
        }
    }

    private void copy(String sql) throws Exception {
        try (var session = at.server.connect()) {
            session.unwrap(org.postgresql.PGConnection.class)
                    .getCopyAPI()
                    .copyOut(sql, java.io.OutputStream.nullOutputStream());
        }
    }
}
