package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backfill of three seconds, as a person sees it and as a log does. */
class BackfillOnTerminalTest {
    private static final String BAR = "B1__n  ";
    private static final String OVER = "\r";

    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create()
            .execute(
                    "CREATE TABLE posts (id int PRIMARY KEY, n int)",
                    "INSERT INTO posts SELECT g FROM generate_series(1, 3000) g",
                    "ANALYZE posts");

    @BeforeEach
    void a_release_that_is_expanded() throws Exception {
        SmallConfig.write(folder, database.url());
        Files.createDirectories(folder.resolve("db/backfill"));
        Files.writeString(
                folder.resolve("db/backfill/B1__n.sql"),
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE n IS NULL
                UPDATE posts SET n = 1 WHERE id BETWEEN :from AND :to AND n IS NULL
                  AND (id % 100 <> 0 OR pg_sleep(0.1) IS NOT NULL);
                """);
        ReleaseJournal journal = new ReleaseJournal(database.database(), "blog", new Actor("ann", "build-7", "node-1"));
        try (Lease lease = journal.lease(journal.open("2", "1", Colour.GREEN), "given")) {
            lease.record(Fact.EXPANDED, Map.of());
        }
    }

    @Test
    void on_a_terminal_one_line_is_drawn_anew_and_stays_complete() throws Exception {
        assumeScript();

        Ended ended = agent("xterm").runOnTerminal("backfill", "--workers", "1");

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains(OVER + BAR, " rows/s  ETA ")
                .containsPattern("100 %[^\\r\\n]*\\u001b\\[K\\r?\\n")
                .doesNotContain("rows/s, ");
        assertThat(ended.output().lines().filter(line -> line.startsWith("  backfill: B1__n.sql done")))
                .as("what is printed below it")
                .hasSize(1);
    }

    @Test
    void a_terminal_that_cannot_be_drawn_on_gets_lines() throws Exception {
        assumeScript();

        Ended ended = agent("dumb").runOnTerminal("backfill", "--workers", "1");

        assertThat(ended.output()).contains(" rows/s, ").doesNotContain(BAR, "\u001b");
    }

    @Test
    void in_a_log_each_word_of_it_is_a_line() throws Exception {
        Ended ended = agent("xterm").run("backfill", "--workers", "1");

        assertThat(ended.output()).contains(" rows/s, ").doesNotContain(BAR, OVER, "\u001b");
    }

    private AgentProcess agent(String terminal) {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("TERM", terminal);
        environment.put("COLUMNS", "120");
        return new AgentProcess(folder, environment);
    }

    private static void assumeScript() {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "script"))),
                "the program script is not on the PATH: no terminal can be made");
    }
}
