package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users are on green; blue needs column posts.author_name, which a trigger keeps in step. */
class WayBackTest {
    @TempDir
    private Path folder;

    private final Situation at = new Situation();

    @BeforeEach
    void users_have_the_new_version() {
        at.server.execute(
                "CREATE TABLE posts (id int, author_name text, author_id int)",
                "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER zz BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION keep()");
        at.sql(
                folder,
                "contract/V1__drop.sql",
                "DROP TRIGGER zz ON posts; ALTER TABLE posts DROP COLUMN author_name; DROP FUNCTION keep();");
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            at.switchNotes(folder).note(lease);
        }
    }

    @Test
    void it_is_open_while_the_database_has_all_that_the_old_version_needs() {
        WayBack.Result result = at.wayBack().run(NONE);

        assertThat(result.message()).isEqualTo("Users can go back to blue and lose nothing.");
        assertThat(result.seen()).containsExactly("0 database sessions of blue, 0 of green");
    }

    @Test
    void a_trigger_that_is_switched_off_is_a_loss_which_rollback_tells_too() {
        at.server.execute("ALTER TABLE posts DISABLE TRIGGER zz");
        String loss = "Trigger zz on posts is switched off, so what green wrote since is missing in what blue reads.";

        assertThat(at.wayBack().run(NONE).losses()).containsExactly(loss);
        assertThat(at.rollback().run(NONE, false).message()).endsWith("At a loss: " + loss);
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_trigger_that_is_gone_is_a_loss() {
        at.server.execute("DROP TRIGGER zz ON posts");

        assertThat(at.wayBack().run(NONE).losses())
                .containsExactly(
                        "There is no trigger posts.zz, so what green wrote since is missing in what blue reads.");
    }

    @Test
    void without_a_column_of_the_old_version_users_stay_where_they_are() {
        at.server.execute("ALTER TABLE posts DROP COLUMN author_name");

        assertThatThrownBy(() -> at.rollback().run(NONE, false))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("The database has no table column posts.author_name any more, which blue needs.");

        assertThat(at.router.split()).isEqualTo(Split.allTo(GREEN));
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void what_was_not_there_when_users_moved_keeps_nobody_from_going_back() {
        at.sql(
                folder,
                "contract/V2__never.sql",
                "ALTER TABLE posts DROP CONSTRAINT posts_check; ALTER TABLE posts DROP COLUMN misspelt;");
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            at.switchNotes(folder).note(lease);
        }

        assertThat(at.wayBack().run(NONE).losses()).isEmpty();
    }

    @Test
    void an_index_that_went_after_the_switch_is_a_loss_and_no_barrier() {
        at.server.execute("CREATE INDEX posts_author_name ON posts (author_name)");
        at.sql(folder, "contract/V2__index.sql", "DROP INDEX posts_author_name;");
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            at.switchNotes(folder).note(lease);
        }
        at.server.execute("DROP INDEX posts_author_name");

        assertThat(at.rollback().run(NONE, false).losses())
                .containsExactly("There is no index posts_author_name any more: blue may be slower, or fail where it"
                        + " relies on it.");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_database_that_does_not_answer_keeps_nobody_from_going_back_and_promises_nothing() {
        DatabaseConfig nowhere = new DatabaseConfig(
                "jdbc:postgresql://127.0.0.1:1/none", Duration.ofMillis(200), Duration.ofSeconds(10), "{colour}");
        Database silent = Database.from(nowhere, "blog", at.server.environment());

        WayBack.Result result = at.wayBack(silent).run(NONE);

        assertThat(result.message())
                .startsWith("Users can go back to blue; what that loses is not known: The database cannot be reached");
    }

    @Test
    void once_contract_has_begun_there_is_none() {
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            lease.record(CONTRACT_BEGUN, Map.of());
        }

        assertThatThrownBy(() -> at.wayBack().run(NONE))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("has begun");
    }

    @Test
    void there_is_none_to_a_colour_that_is_not_healthy() {
        at.router.unhealthy.add(BLUE);

        assertThatThrownBy(() -> at.wayBack().run(NONE)).isInstanceOf(MoveRefused.class);
    }
}
