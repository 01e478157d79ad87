package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.check.trial.Trials;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blue is live with version 1; one expand migration creates the table authors. */
class MigrateExpandTest {
    @TempDir
    private Path folder;

    private final Situation at = new Situation();
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void one_migration_is_pending() {
        at.sql(folder, "migration/V1__authors.sql", "CREATE TABLE authors (id int);");
    }

    @Test
    void the_first_step_opens_the_release_for_the_idle_colour() {
        MigrateExpand.Result result = expand(Optional.of("2"));

        assertThat(result.candidate()).isEqualTo(GREEN);
        assertThat(result.applied()).containsExactly("V1__authors.sql");
        assertThat(at.release().fromVersion()).isEqualTo("1");
        assertThat(at.facts()).containsOnly(EXPANDED);
    }

    @Test
    void the_roles_swap_when_green_is_live() {
        at.router.shift(Split.allTo(GREEN));

        assertThat(expand(Optional.of("2")).candidate()).isEqualTo(BLUE);
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do() {
        expand(Optional.of("2"));

        assertThat(expand(Optional.of("2")).message()).startsWith("Already expanded");
        assertThat(expand(NONE).release()).isEqualTo("blog-2-1");
    }

    @Test
    void a_migration_that_was_added_meanwhile_is_applied_by_the_same_release() {
        expand(Optional.of("2"));
        at.sql(folder, "migration/V2__more.sql", "CREATE TABLE more (id int);");

        assertThat(expand(NONE).applied()).containsExactly("V2__more.sql");
    }

    @Test
    void rows_of_a_migration_that_was_added_after_the_backfill_are_not_taken_for_filled() {
        expand(Optional.of("2"));
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            lease.record(BACKFILLED, Map.of());
        }
        expand(NONE);
        assertThat(at.facts()).as("nothing was added").contains(BACKFILLED);
        at.sql(folder, "migration/V2__more.sql", "CREATE TABLE more (id int);");

        expand(NONE);

        assertThat(at.facts()).contains(EXPANDED).doesNotContain(BACKFILLED);
    }

    @Test
    void a_release_without_migrations_is_a_release() {
        Path none = folder.resolve("none");

        assertThat(new MigrateExpand(
                                at.journal,
                                at.router,
                                at.environments,
                                at.expand(none),
                                at.contract(none),
                                at.safety(none, said::add))
                        .run(NONE, Optional.of("2"))
                        .applied())
                .isEmpty();
        assertThat(at.facts()).containsOnly(EXPANDED);
    }

    @Test
    void another_version_must_wait_for_the_unfinished_release() {
        expand(Optional.of("2"));

        assertThatThrownBy(() -> expand(Optional.of("3")))
                .isInstanceOfSatisfying(
                        MoveRefused.class, refused -> assertThat(refused.busy()).contains("blog-2-1"))
                .hasMessageContaining("blog-2-1 is unfinished");
    }

    @Test
    void a_release_that_was_named_does_not_bring_another_version() {
        expand(Optional.of("2"));
        at.sql(folder, "migration/V2__more.sql", "CREATE TABLE more (id int);");

        assertThatThrownBy(() -> expand(Optional.of("blog-2-1"), Optional.of("3")))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("Release blog-2-1 brings 2, not 3.");
        assertThat(expand(Optional.of("blog-2-1"), Optional.of("2")).applied()).containsExactly("V2__more.sql");
    }

    @Test
    void a_release_that_was_named_and_was_abandoned_is_refused() {
        at.given(EXPANDED);
        try (Lease lease = at.journal.lease(at.release(), "rollback")) {
            lease.finish(ROLLED_BACK, "abandoned", Map.of());
        }

        assertThatThrownBy(() -> expand(Optional.of("blog-2-1"), NONE))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("ended at");
    }

    @Test
    void nothing_is_added_once_contract_has_begun() {
        expand(Optional.of("2"));
        try (Lease lease = at.journal.lease(at.release(), "contract")) {
            lease.record(CONTRACT_BEGUN, Map.of());
        }
        assertThat(expand(Optional.of("2")).message()).startsWith("Already expanded");
        at.sql(folder, "migration/V2__more.sql", "CREATE TABLE more (id int);");

        assertThatThrownBy(() -> expand(Optional.of("2")))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("has begun");
        assertThat(at.server.query("SELECT to_regclass('more') IS NULL")).isEqualTo("t");
    }

    @Test
    void split_traffic_is_no_start_for_a_release() {
        at.router.shift(Split.giving(GREEN, 10));

        assertThatThrownBy(() -> expand(Optional.of("2")))
                .isInstanceOfSatisfying(MoveRefused.class, refusal -> assertThat(refusal.hint())
                        .contains("rollback --without-journal --to"));
        assertThat(at.journal.latest()).isEmpty();
    }

    @Test
    void an_unsafe_script_is_refused_and_no_release_is_opened() {
        at.sql(folder, "migration/V2__bad.sql", "SELECT 1;\nALTER TABLE posts DROP COLUMN title;");

        assertThatThrownBy(() -> expand(Optional.of("2"))).isInstanceOfSatisfying(MoveRefused.class, refusal -> {
            assertThat(refusal).hasMessageContaining("migration/V2__bad.sql:2: error drop-column");
            assertThat(refusal.hint()).contains("pitstop check migration/V2__bad.sql");
        });
        assertThat(at.journal.latest()).isEmpty();
        assertThat(at.server.query("SELECT to_regclass('authors') IS NULL")).isEqualTo("t");
    }

    @Test
    void what_runs_later_in_the_release_is_judged_before_it_begins() {
        at.sql(folder, "finish/V2.1__index.sql", "CREATE INDEX posts_title ON posts (title);");

        assertThatThrownBy(() -> expand(Optional.of("2")))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("finish/V2.1__index.sql:1: error create-index");
    }

    @Test
    void what_the_text_hides_is_seen_in_a_trial_run_and_nothing_is_touched() {
        expand(Optional.of("2"));
        at.sql(folder, "migration/V3__worse.sql", "DO $$ BEGIN EXECUTE 'DROP TABLE auth' || 'ors'; END $$;");
        ScriptSafety safety = at.safety(folder, said::add, Trials.of());
        MigrateExpand step = new MigrateExpand(
                at.journal, at.router, at.environments, at.expand(folder), at.contract(folder), safety);

        assertThatThrownBy(() -> step.run(NONE, NONE))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("migration/V3__worse.sql:1: error observed-removal");
        assertThat(at.server.query("SELECT to_regclass('authors') IS NOT NULL")).isEqualTo("t");
        assertThat(said).anyMatch(line -> line.startsWith("check: tried on PostgreSQL"));
    }

    @Test
    void what_was_applied_is_not_judged_again() {
        expand(Optional.of("2"));
        at.server.execute("CREATE TABLE posts (id int)");
        at.sql(folder, "migration/V1__authors.sql", "CREATE TABLE authors (id int);");
        at.sql(folder, "migration/V2__more.sql", "CREATE INDEX authors_id ON authors (id);");

        assertThatThrownBy(() -> expand(NONE))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("V2__more.sql:1: error create-index")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("V1__authors.sql"));
    }

    @Test
    void a_warning_is_said_and_kept_but_stops_nobody() {
        at.sql(folder, "migration/V2__settings.sql", "CREATE TABLE settings (id int PRIMARY KEY, value json);");

        assertThat(expand(Optional.of("2")).applied()).contains("V2__settings.sql");
        assertThat(said).anyMatch(line -> line.contains("V2__settings.sql:1: warning json-column"));
        assertThat(at.journal.events(at.release()).toString()).contains("json-column");
    }

    @Test
    void a_version_is_needed_to_open_a_release() {
        assertThatThrownBy(() -> expand(NONE)).isInstanceOf(InvalidConfig.class);
        assertThatThrownBy(() -> expand(Optional.of("2; DROP"))).isInstanceOf(InvalidConfig.class);
    }

    private MigrateExpand.Result expand(Optional<String> version) {
        return expand(NONE, version);
    }

    private MigrateExpand.Result expand(Optional<String> id, Optional<String> version) {
        return new MigrateExpand(
                        at.journal,
                        at.router,
                        at.environments,
                        at.expand(folder),
                        at.contract(folder),
                        at.safety(folder, said::add))
                .run(id, version);
    }
}
