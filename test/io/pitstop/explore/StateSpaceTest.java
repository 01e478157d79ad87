package io.pitstop.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.traffic.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Version 1 is live on blue and needs the functions that contract drops; version 2 needs what expand adds, what the
 * backfill fills and what finish makes strict. Two agents, each with its own build.
 *
 * <p>{@code -Dpitstop.explore.seconds=600} goes deeper than the default.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StateSpaceTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("pitstop.explore.seconds", 20));

    @TempDir
    private static Path folder;

    private Stage stage;
    private Map<String, Agent> agents;
    private Snapshot begin;

    @BeforeAll
    void version_1_is_live() throws IOException, SQLException {
        sql(
                "migration/V1__posts.sql",
                """
                CREATE TABLE posts (id int PRIMARY KEY, author_id int);
                INSERT INTO posts VALUES (1, NULL);
                CREATE FUNCTION old_a() RETURNS int LANGUAGE sql AS 'SELECT 1';
                CREATE FUNCTION old_b() RETURNS int LANGUAGE sql AS 'SELECT 1';
                """);
        sql("migration/V2__added.sql", "CREATE FUNCTION added() RETURNS int LANGUAGE sql AS 'SELECT 1';");
        sql("finish/V1__strict.sql", "CREATE FUNCTION strict() RETURNS int LANGUAGE sql AS 'SELECT 1';");
        sql(
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                -- same: SELECT id, author_id IS NOT DISTINCT FROM id FROM posts WHERE id BETWEEN :from AND :to
                UPDATE posts SET author_id = id WHERE id BETWEEN :from AND :to AND author_id IS NULL;
                """);
        sql("contract/V1__old_a.sql", "DROP FUNCTION old_a();");
        sql("contract/V2__old_b.sql", "DROP FUNCTION old_b();");
        stage = new Stage();
        stage.now(Outside.before());
        agents = Map.of(
                "A", new Agent("A", stage, folder, Idle.DESTROY), "B", new Agent("B", stage, folder, Idle.DESTROY));
        begin = Rehearsal.begin(stage, agents.get("A"));
    }

    @AfterAll
    void close() throws SQLException {
        stage.close();
    }

    @Test
    void what_must_hold_holds_in_every_state_that_can_be_reached() {
        Exploration exploration = new Exploration(stage, agents);

        List<String> broken = exploration.run(begin, TIME);

        System.out.println(exploration.summary());
        assertThat(broken).isEmpty();
        for (Move move : List.of(Move.EXPAND, Move.DEPLOY, Move.BACKFILL, Move.SWITCH, Move.CONTRACT, Move.RESTORE)) {
            assertThat(exploration.count(move, "done")).as(move + " done").isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPAND", "DEPLOY", "BACKFILL", "SMOKE", "SWITCH", "CONTRACT", "RESTORE"})
    void an_agent_that_was_taken_for_dead_does_nothing_after_the_take_over(Move move) {
        Snapshot before = milestone(move);

        List<TakeOver.Story> stories = new TakeOver(stage, agents).of(before, move, move);

        assertThat(stories).hasSizeGreaterThan(2);
        for (TakeOver.Story story : stories) {
            assertThat(story.other().isDone()).as("%s", story).isTrue();
            assertThat(story.hasChangedNothing()).as("%s", story).isTrue();
            assertThat(story.first().exit()).as("%s", story).isIn(0, 3, 5);
        }
    }

    @Test
    void a_rollback_wins_over_a_switch_at_any_moment() {
        Snapshot before = milestone(Move.SWITCH);

        List<TakeOver.Story> stories = new TakeOver(stage, agents).of(before, Move.SWITCH, Move.ROLLBACK);

        assertThat(stories).hasSizeGreaterThan(3);
        for (TakeOver.Story story : stories) {
            assertThat(story.other().isDone()).as("%s", story).isTrue();
            assertThat(story.now().outside().split()).as("%s", story).isEqualTo(Split.allTo(Colour.BLUE));
            assertThat(story.now().facts()).as("%s", story).containsKey(Fact.ROLLED_BACK);
        }
    }

    /** What is there when a release without a detour comes to {@code move}. */
    private Snapshot milestone(Move move) {
        stage.restore(begin);
        for (Move before : Exploration.MILESTONES) {
            if (before == move) {
                break;
            }
            assertThat(before.run(stage, agents.get("A")).isDone())
                    .as(before.toString())
                    .isTrue();
        }
        return stage.snapshot();
    }

    private void sql(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }
}
