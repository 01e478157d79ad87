package io.pitstop.check.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.Repository;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.rule.Observed;
import io.pitstop.check.rule.Rule;
import io.pitstop.check.script.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Production has posts and tags, which refers to posts; one script after that is tried. */
class TrialJudgeTest {
    private static final String TODAY =
            """
            -- db/migration/V1__posts.sql
            CREATE TABLE posts (id int PRIMARY KEY, title text, written timestamp, short varchar(10));
            CREATE TABLE tags (id int PRIMARY KEY, post_id int CONSTRAINT tags_post REFERENCES posts (id), name text);
            CREATE INDEX posts_short ON posts (short);
            -- db/migration/V2__example.sql
            """;

    @TempDir
    private Path folder;

    static List<Rule> observed() {
        return Observed.byTrial();
    }

    @ParameterizedTest
    @MethodSource("observed")
    void what_can_be_seen_is_seen_in_its_example_and_not_in_what_is_recommended(Rule rule) throws Exception {
        assertThat(judge(rule.unsafe()).all()).extracting(Finding::rule).contains(rule.id());
        assertThat(new Repository(folder.resolve("instead"), TODAY + rule.instead())
                        .tried(Trials.of())
                        .judge()
                        .errors())
                .isEmpty();
    }

    @Test
    void what_a_later_step_of_the_release_drops_is_there_still_when_its_expand_is_tried_again() throws Exception {
        Repository repository = new Repository(
                        folder,
                        """
                -- db/migration/V1__posts.sql
                CREATE TABLE posts (id int PRIMARY KEY, title text);
                -- db/migration/V2__name.sql
                ALTER TABLE posts ADD COLUMN name text;
                -- db/backfill/B2__name.sql
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE name IS NULL AND title IS NOT NULL
                -- same: SELECT id, name IS NOT DISTINCT FROM title FROM posts WHERE id BETWEEN :from AND :to
                UPDATE posts SET name = title WHERE id BETWEEN :from AND :to AND name IS NULL AND title IS NOT NULL;
                -- db/contract/V2__title.sql
                ALTER TABLE posts DROP COLUMN title;
                """)
                .tried(Trials.of());
        Selection expanded = Selection.of(List.of(), Phase.BACKFILL);

        assertThat(repository.judge(expanded).errors())
                .as("as if contract had been applied")
                .extracting(Finding::rule)
                .contains("observed-failure");
        assertThat(repository
                        .judge(expanded.before(List.of(folder.resolve("db/contract/V2__title.sql"))))
                        .errors())
                .isEmpty();
    }

    @Test
    void a_rewrite_that_a_block_hides_is_found_with_its_lock_and_what_that_blocks() throws Exception {
        Finding finding = only(
                judge(
                        """
                DO $$ BEGIN
                    EXECUTE format('ALTER TABLE %I ALTER COLUMN id TYPE bigint', 'ta' || 'gs');
                END $$;"""));

        assertThat(finding.judge()).isEqualTo(Judge.TRIAL);
        assertThat(finding.file()).isEqualTo(Path.of("db/migration/V2__example.sql"));
        assertThat(finding.line()).isEqualTo(1);
        assertThat(finding.why())
                .endsWith(
                        "It rewrites tags while it holds ACCESS EXCLUSIVE on tags, which blocks every read and write.");
    }

    @Test
    void a_function_hides_nothing() throws Exception {
        String function =
                """
                CREATE FUNCTION tidy() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
                    EXECUTE 'CREATE INDEX ON posts (title)';
                END $$;
                SELECT tidy();""";

        assertThat(only(judge(function)).rule()).isEqualTo("observed-index-build");
    }

    @Test
    void where_the_size_is_known_it_says_for_how_long() throws Exception {
        Sizes sizes = table -> table.equals("posts") ? OptionalLong.of(480L << 20) : OptionalLong.empty();
        String hidden = "DO $$ BEGIN EXECUTE 'ALTER TABLE posts ALTER id TYPE big' || 'int'; END $$;";

        assertThat(only(judge(Trials.of(sizes), hidden)).why()).contains("rewrites posts (480 MB, about 8 s) while");
    }

    @Test
    void what_a_rule_has_found_gets_evidence_and_is_no_second_finding() throws Exception {
        Finding finding = only(judge("ALTER TABLE posts ALTER COLUMN id TYPE bigint;"));

        assertThat(finding.rule()).isEqualTo("change-type");
        assertThat(finding.judge()).isEqualTo(Judge.RULES);
        assertThat(finding.why()).contains("It rewrites posts while");
    }

    @Test
    void what_its_author_allows_is_allowed_whoever_sees_it() throws Exception {
        assertThat(judge(
                                """
                                -- pitstop:allow change-type because it has ten rows
                                ALTER TABLE posts ALTER COLUMN id TYPE bigint;
                                -- pitstop:allow observed-scan because it has ten rows
                                DO $$ BEGIN EXECUTE 'ALTER TABLE tags ADD CHECK (id ' || '> 0)'; END $$;""")
                        .errors())
                .isEmpty();
    }

    @Test
    void a_column_that_a_block_drops_is_missed_as_long_as_the_old_version_lives() throws Exception {
        String drop = "DO $$ BEGIN EXECUTE 'ALTER TABLE posts DROP COLUMN ' || 'title'; END $$;";

        assertThat(only(judge(drop)).why()).endsWith("Gone: posts.title.");
        assertThat(errors("-- db/contract/V2__drop.sql\n" + drop)).isEmpty();
    }

    @Test
    void a_view_that_takes_the_place_of_a_table_is_as_good() throws Exception {
        assertThat(judge(
                                """
                                -- pitstop:allow rename-table because the view has all columns
                                ALTER TABLE tags RENAME TO labels;
                                CREATE VIEW tags AS SELECT * FROM labels;""")
                        .errors())
                .isEmpty();
    }

    @Test
    void timestamps_get_their_zone_without_a_rewrite_because_the_agent_works_in_utc() throws Exception {
        TimeZone here = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            judgeTimestamps();
        } finally {
            TimeZone.setDefault(here);
        }
    }

    private void judgeTimestamps() throws Exception {
        String change = "DO $$ BEGIN EXECUTE '%sALTER TABLE posts ALTER written TYPE timestamptz'; END $$;";

        assertThat(errors(change.formatted(""))).isEmpty();
        assertThat(errors(change.formatted("SET LOCAL TimeZone = ''Europe/Berlin'';")))
                .containsExactly("observed-rewrite");
    }

    @Test
    void not_null_is_free_after_a_validated_check_and_only_then() throws Exception {
        String check = "ALTER TABLE posts ADD CONSTRAINT there CHECK (title IS NOT NULL) NOT VALID;\n";
        String validate = "-- db/migration/V3__validate.sql\nALTER TABLE posts VALIDATE CONSTRAINT there;\n";
        String notNull = "-- db/finish/V4__not_null.sql\n"
                + "DO $$ BEGIN EXECUTE 'ALTER TABLE posts ALTER title SET NOT ' || 'NULL'; END $$;";

        assertThat(errors(check + validate + notNull)).isEmpty();
        assertThat(errors(check + notNull)).containsExactly("observed-scan");
    }

    @Test
    void what_only_touches_the_catalog_alarms_nobody() throws Exception {
        assertThat(judge(
                                """
                                DO $$ BEGIN
                                    EXECUTE 'ALTER TABLE posts ALTER short TYPE ' || 'text';
                                END $$;
                                -- db/migration/V3__default.sql
                                DO $$ BEGIN EXECUTE 'ALTER TABLE posts ADD seen timestamptz DEFAULT ' || 'now()'; END $$;
                                -- db/migration/V4__child.sql
                                DO $$ BEGIN EXECUTE 'CREATE TABLE notes (post int ' || 'REFERENCES posts)'; END $$;""")
                        .errors())
                .isEmpty();
    }

    @Test
    void widening_a_column_builds_the_index_on_an_expression_of_it_again() throws Exception {
        String widen = "ALTER TABLE posts ALTER COLUMN short TYPE varchar(20);";

        assertThat(errors(widen)).isEmpty();
        assertThat(errors("CREATE INDEX CONCURRENTLY posts_lower ON posts (lower(short));\n"
                        + "-- db/migration/V3__longer.sql\n" + widen))
                .containsExactly("observed-index-build");
    }

    @Test
    void dropping_a_foreign_key_locks_the_other_table_too() throws Exception {
        String drop = "-- db/contract/V2__drop.sql\n"
                + "DO $$ BEGIN EXECUTE 'ALTER TABLE tags DROP CONSTRAINT tags_' || 'post'; END $$;";

        Findings findings = judge(drop);

        assertThat(findings.warnings())
                .filteredOn(finding -> finding.rule().equals("observed-locks"))
                .singleElement()
                .extracting(Finding::why)
                .asString()
                .contains("ACCESS EXCLUSIVE on posts", "ACCESS EXCLUSIVE on tags");
    }

    @Test
    void emptying_a_table_is_not_taken_for_a_rewrite() throws Exception {
        assertThat(errors("-- db/contract/V2__empty.sql\n" + "DO $$ BEGIN EXECUTE 'TRUNCATE ' || 'tags'; END $$;"))
                .isEmpty();
    }

    @Test
    void a_table_that_is_sorted_anew_is_rewritten() throws Exception {
        assertThat(errors("DO $$ BEGIN EXECUTE 'CLUSTER tags USING ' || 'tags_pkey'; END $$;"))
                .containsExactly("observed-rewrite");
    }

    @Test
    void a_script_that_fails_is_found_and_what_follows_is_not_blamed() throws Exception {
        Findings findings = judge(
                """
                ALTER TABLE posts ALTER COLUMN titel SET DEFAULT '';
                COMMENT ON COLUMN posts.titel IS 'for addresses';""");

        assertThat(only(findings).why()).contains("column \"titel\" of relation \"posts\" does not exist");
        assertThat(findings.notes()).anyMatch(note -> note.contains("not tried: V2__example.sql:2"));
    }

    @Test
    void a_table_that_no_script_has_made_may_be_there_in_production() throws Exception {
        Findings findings = judge("ALTER TABLE jobs ADD COLUMN slug text;");

        assertThat(findings.errors()).isEmpty();
        assertThat(findings.notes()).anyMatch(note -> note.contains("relation \"jobs\" does not exist"));
    }

    @Test
    void a_dump_of_the_schema_says_what_is_there() throws Exception {
        Path dump = Files.writeString(
                folder.resolve("schema.sql"),
                """
                \\restrict abc
                SELECT pg_catalog.set_config('search_path', '', false);
                CREATE TABLE public.jobs (id integer);
                ALTER TABLE public.jobs OWNER TO app;
                \\unrestrict abc
                """);
        String script = "DO $$ BEGIN EXECUTE 'ALTER TABLE jobs ALTER id TYPE big' || 'int'; END $$;"
                + "\n-- db/migration/V3__x.sql\nALTER TABLE other ADD COLUMN a int;";

        assertThat(judge(Trials.from(dump), script).errors())
                .extracting(Finding::rule)
                .containsExactly("observed-rewrite", "observed-failure");
    }

    @Test
    void a_backfill_that_cannot_be_prepared_is_found() throws Exception {
        String backfill = "ALTER TABLE posts ADD COLUMN slug text;\n-- db/backfill/B2__slug.sql\n"
                + "-- backfill: table=posts key=id\nUPDATE posts SET slug = %s WHERE id BETWEEN :from AND :to;";

        assertThat(errors(backfill.formatted("lower(titel)"))).contains("observed-failure");
        assertThat(errors(backfill.formatted("lower(title)"))).doesNotContain("observed-failure");
    }

    @Test
    void roles_that_only_production_has_are_there_for_the_trial_and_gone_after_it() throws Exception {
        assertThat(errors("GRANT SELECT ON posts TO pitstop_reader;\nALTER TABLE tags OWNER TO pitstop_writer;"))
                .isEmpty();
        assertThat(io.pitstop.database.TestDatabase.create()
                        .query("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'pitstop_%'"))
                .isEqualTo("0");
    }

    @Test
    void an_extension_that_this_server_lacks_is_said_to_be_missing_and_excuses_what_needs_it() throws Exception {
        Findings findings = judge("CREATE EXTENSION no_such_thing;\nALTER TABLE posts ADD COLUMN place geo_metry;");

        assertThat(findings.errors()).isEmpty();
        assertThat(findings.notes()).anyMatch(note -> note.contains("no_such_thing"));
    }

    @Test
    void contract_scripts_with_versions_of_their_own_are_applied_after_what_they_need() throws Exception {
        Repository repository = new Repository(
                folder,
                """
                -- db/contract/V1__drop_old.sql
                ALTER TABLE posts DROP COLUMN old;
                -- db/migration/V1.1__old.sql
                CREATE TABLE posts (id int PRIMARY KEY, old text);
                -- db/migration/V2__slug.sql
                ALTER TABLE posts ADD COLUMN slug text;""");

        Findings findings = repository
                .tried(Trials.of())
                .judge(io.pitstop.check.Selection.of(List.of(folder.resolve("db/migration/V2__slug.sql"))));

        assertThat(findings.errors()).isEmpty();
        assertThat(findings.notes()).hasSize(1).first().asString().startsWith("tried on PostgreSQL");
    }

    private List<String> errors(String script) throws Exception {
        Path own = folder.resolve("r" + script.hashCode());
        return new Repository(own, TODAY + script)
                .tried(Trials.of()).judge().errors().stream().map(Finding::rule).toList();
    }

    private Findings judge(String script) throws Exception {
        return judge(Trials.of(), script);
    }

    private Findings judge(TrialJudge trial, String script) throws Exception {
        return new Repository(folder, TODAY + script).tried(trial).judge();
    }

    private static Finding only(Findings findings) {
        assertThat(findings.errors()).hasSize(1);
        return findings.errors().get(0);
    }
}
