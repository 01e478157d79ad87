package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pitstop.database.Traffic;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blog with a post, and a script that adds a column, which needs the table for itself for a moment. */
class PatientTransactionTest {
    private Blog blog;

    @BeforeEach
    void begin(@TempDir Path folder) {
        blog = new Blog(folder);
        blog.script("V1__posts.sql", "CREATE TABLE posts (id int PRIMARY KEY);", "INSERT INTO posts VALUES (1);");
        blog.expand();
        blog.lines.clear();
        blog.script("V2__age.sql", "ALTER TABLE posts ADD COLUMN age int;");
    }

    @Test
    void readers_do_not_wait_behind_a_script_that_waits_for_a_long_reader() throws Exception {
        Applied applied;
        double longest;
        try (Connection longReader = hold();
                Traffic readers = Traffic.of(blog.server, "SELECT id FROM posts WHERE id = 1")) {
            CompletableFuture<List<Applied>> expand = CompletableFuture.supplyAsync(blog::expand);
            blog.server.awaitQuery(
                    "SELECT least(count(*), 1) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
                            + " AND application_name = 'pitstop:blog:migrate-expand'",
                    "1");
            TimeUnit.MILLISECONDS.sleep(2_500); // how long the reader reads
            long free = System.nanoTime();
            longReader.rollback();
            applied = expand.get(10, TimeUnit.SECONDS).get(0);
            double late = (System.nanoTime() - free) / 1e6;
            longest = readers.longestMs();
            System.out.printf(
                    "long reader: applied %.0f ms after it, %d tries in %d ms, longest try %.1f ms; reads: longest"
                            + " %.1f ms, median %.2f ms%n",
                    late,
                    applied.tries(),
                    applied.took().toMillis(),
                    applied.longestTry().toNanos() / 1e6,
                    longest,
                    readers.medianMs());
            assertThat(late).isLessThan(1_500);
        }
        assertThat(longest).as("longest read").isLessThan(200 + 100);
        assertThat(applied.tries()).isGreaterThan(15);
        assertThat(blog.lines)
                .anyMatch(line -> line.contains("in the way: pid ") && line.contains("pitstop:blog:test"));
    }

    @Test
    void a_lock_that_is_never_free_ends_in_a_message_that_names_who_has_it() throws SQLException {
        blog.lockWithin(Duration.ofMillis(1_500));
        blog.script("V1_1__before.sql", "CREATE TABLE authors (id int);");
        long start = System.nanoTime();

        try (Connection reader = hold()) {
            assertThatThrownBy(blog::expand)
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("V2__age.sql did not get its locks within 1500ms")
                    .hasMessageMatching(
                            "(?s).*pid \\d+ \\(pitstop:blog:test\\), idle in transaction, transaction open.*")
                    .hasMessageContaining("SELECT id FROM posts WHERE id = …")
                    .hasMessageContaining("staying: V1_1__before.sql");
            assertThat(reader.isValid(1)).isTrue();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        assertThat(blog.history()).isEqualTo("1 1.1");
        assertThat(blog.expand()).extracting(Applied::version).containsExactly("2");
    }

    @Test
    void transactions_that_overlap_without_a_gap_do_not_starve_a_script() throws Exception {
        List<Thread> crowd = Stream.generate(() -> new Thread(this::readInShortTransactions))
                .limit(4)
                .toList();
        crowd.forEach(Thread::start);
        blog.server.awaitQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pitstop:blog:crowd'", "4");

        Applied applied = blog.expand().get(0);

        crowd.forEach(Thread::interrupt);
        System.out.printf(
                "overlapping readers: %d tries in %d ms, longest try %.1f ms%n",
                applied.tries(), applied.took().toMillis(), applied.longestTry().toNanos() / 1e6);
        assertThat(applied.version()).isEqualTo("2");
        assertThat(applied.longestTry()).isLessThan(Duration.ofMillis(300));
    }

    @Test
    void while_it_waits_for_one_lock_it_keeps_no_other() throws Exception {
        blog.server.execute("CREATE TABLE authors (id int)");
        blog.script("V2__age.sql", "ALTER TABLE authors ADD COLUMN a int;", "ALTER TABLE posts ADD COLUMN age int;");

        try (Connection reader = hold();
                Connection writer = blog.server.connect()) {
            CompletableFuture<List<Applied>> expand = CompletableFuture.supplyAsync(blog::expand);
            blog.server.awaitQuery(
                    "SELECT least(count(*), 1) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
                            + " AND application_name = 'pitstop:blog:migrate-expand'",
                    "1");
            try (Statement statement = writer.createStatement()) {
                statement.execute("SET lock_timeout = '1s'");
                for (int i = 0; i < 50; i++) {
                    statement.execute("INSERT INTO authors (id) VALUES (1)");
                }
            }
            reader.rollback();
            assertThat(expand.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void an_interrupt_ends_the_wait_and_leaves_nothing() throws Exception {
        try (Connection reader = hold()) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread step = new Thread(() -> failure.complete(catchThrowable(blog::expand)));
            step.start();
            blog.server.awaitQuery(
                    "SELECT least(count(*), 1) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
                            + " AND application_name = 'pitstop:blog:migrate-expand'",
                    "1");
            step.interrupt();

            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(Interrupted.class);
            assertThat(reader.isValid(1)).isTrue();
        }
        assertThat(blog.history()).isEqualTo("1");
        assertThat(blog.expand()).hasSize(1);
    }

    @Test
    void an_interrupt_ends_a_script_that_is_at_work() throws Exception {
        blog.script("V2__age.sql", "SELECT pg_sleep(60);");
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread step = new Thread(() -> failure.complete(catchThrowable(blog::expand)));
        step.start();
        blog.server.awaitQuery("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'", "1");

        step.interrupt();

        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(Interrupted.class);
    }

    @Test
    void timeouts_that_the_database_sets_for_the_application_do_not_stop_a_script() {
        blog.server.execute("ALTER DATABASE " + name() + " SET statement_timeout = '50ms'");
        blog.script("V2__age.sql", "SELECT pg_sleep(0.2);");

        assertThat(blog.expand()).hasSize(1);
    }

    @Test
    void the_server_ends_a_script_whose_node_falls_silent_while_it_has_locks() {
        blog.script(
                "V3__idle.sql",
                "CREATE TABLE ends AS SELECT current_setting('idle_in_transaction_session_timeout') AS idle;");

        blog.expand();

        assertThat(blog.server.query("SELECT idle FROM ends")).isEqualTo("15s");
    }

    /** Returns once the script pauses between two tries. */
    private void awaitWaiting() {
        blog.server.awaitQuery(
                "SELECT least(count(*), 1) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
                        + " AND application_name = 'pitstop:blog:migrate-expand'",
                "1");
    }

    private void readInShortTransactions() {
        try (Connection reader = blog.server.database().connect("crowd")) {
            reader.setAutoCommit(false);
            while (!Thread.currentThread().isInterrupted()) {
                read(reader);
                TimeUnit.MILLISECONDS.sleep(40);
                reader.rollback();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A transaction that has read posts and stays open. */
    private Connection hold() throws SQLException {
        Connection reader = blog.server.connect();
        reader.setAutoCommit(false);
        read(reader);
        return reader;
    }

    private static void read(Connection reader) throws SQLException {
        try (Statement statement = reader.createStatement()) {
            statement.executeQuery("SELECT id FROM posts WHERE id = 1").close();
        }
    }

    private String name() {
        return blog.server.query("SELECT current_database()");
    }
}
