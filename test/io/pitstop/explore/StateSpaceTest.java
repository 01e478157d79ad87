package io.pitstop.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.EnvironmentsConfig.Idle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Version 1 is live on blue and needs the functions that contract drops; version 2 needs what expand adds, what the
 * backfill fills and what finish makes strict. Two agents, each with its own build.
 *
 * <p>{@code -Dpitstop.explore.seconds=600} goes deeper than the default.
 */
class StateSpaceTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("pitstop.explore.seconds", 30));

    @TempDir
    private Path folder;

    private Stage stage;
    private Map<String, Agent> agents;
    private Snapshot begin;

    @BeforeEach
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

    @AfterEach
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

    private void sql(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }
}
