package io.pitstop.demo.blog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The expanded schema: posts 1 to 3 by Ada were there before it and are not backfilled; Grace (id 1) is an author. */
class DualWriteTest {
    private static final String INSERT_V1 =
            "INSERT INTO posts (title, content, author_name, author_email) VALUES ('t', 'c', 'Ada', 'ada@example.org')";
    private static final String INSERT_V2 = "INSERT INTO posts (title, content, author_id) VALUES ('t', 'c', 1)";
    private static final String AUTHOR_OF_LAST =
            "SELECT concat_ws(' ', author_name, author_email, author_id, name, email)"
                    + " FROM posts LEFT JOIN authors ON authors.id = author_id ORDER BY posts.id DESC LIMIT 1";
    private static final String DIFFERING = "SELECT count(*) FROM posts LEFT JOIN authors ON authors.id = author_id"
            + " WHERE (author_name, author_email) IS DISTINCT FROM (name, email)";

    private static final String OLD_POSTS = "INSERT INTO posts (title, content, author_name, author_email)"
            + " SELECT 't', 'c', 'Author ' || n % 60, 'author-' || n % 60 || '@example.org'"
            + " FROM generate_series(1, 2000) AS n";

    private final TestDatabase database = TestDatabase.create();
    private final BlogSchema schema = new BlogSchema(database).version1();

    DualWriteTest() {
        database.execute(INSERT_V1, INSERT_V1, INSERT_V1);
        schema.expand();
        database.execute("INSERT INTO authors (name, email) VALUES ('Grace', 'grace@example.org')");
    }

    @Test
    void a_post_of_version_1_gets_an_author_who_is_created_once() {
        database.execute(INSERT_V1, INSERT_V1);

        assertThat(database.query(AUTHOR_OF_LAST)).isEqualTo("Ada ada@example.org 2 Ada ada@example.org");
        assertThat(database.query("SELECT count(*) FROM authors")).isEqualTo("2");
    }

    @Test
    void a_post_of_version_2_gets_name_and_email() {
        database.execute(INSERT_V2);

        assertThat(database.query(AUTHOR_OF_LAST)).isEqualTo("Grace grace@example.org 1 Grace grace@example.org");
    }

    @Test
    void an_edit_of_the_author_by_either_version_reaches_the_other_side() {
        database.execute(INSERT_V1);

        database.execute("UPDATE posts SET author_id = 1 WHERE id = 4");
        assertThat(database.query(AUTHOR_OF_LAST)).startsWith("Grace grace@example.org 1 ");

        database.execute("UPDATE posts SET author_name = 'Ada', author_email = 'ada@example.org' WHERE id = 4");
        assertThat(database.query(AUTHOR_OF_LAST)).isEqualTo("Ada ada@example.org 2 Ada ada@example.org");
    }

    @Test
    void a_row_that_waits_for_the_backfill_is_filled_by_an_edit_of_its_author_only() {
        database.execute("UPDATE posts SET title = 'x', author_name = 'Ada', author_email = 'ada@example.org'");
        assertThat(database.query("SELECT count(author_id) FROM posts")).isEqualTo("0");

        database.execute("UPDATE posts SET author_email = 'ada@example.com' WHERE id = 1");
        assertThat(database.query("SELECT name || email FROM posts JOIN authors ON authors.id = author_id"))
                .isEqualTo("Adaada@example.com");
    }

    @Test
    void who_writes_both_sides_is_left_alone() {
        database.execute("INSERT INTO posts (title, content, author_name, author_email, author_id)"
                + " VALUES ('t', 'c', 'Lin', 'lin@example.org', 1)");

        assertThat(database.query(AUTHOR_OF_LAST)).startsWith("Lin lin@example.org 1 Grace");
    }

    @Test
    void the_name_written_last_wins() {
        database.execute(INSERT_V1, INSERT_V1.replace("'Ada'", "'Ada L.'"));

        assertThat(database.query("SELECT name FROM authors WHERE email = 'ada@example.org'"))
                .isEqualTo("Ada L.");
    }

    @Test
    void an_author_who_does_not_exist_is_refused() {
        assertThatThrownBy(() -> database.execute(INSERT_V2.replace("1)", "99)")))
                .hasMessageContaining("there is no author with id 99");
        assertThatThrownBy(() -> database.execute(INSERT_V1.replace("'Ada'", "NULL")))
                .hasMessageContaining("author_name");
    }

    @Test
    void the_backfill_fills_what_is_empty_and_nothing_else() throws SQLException {
        database.execute("UPDATE posts SET author_id = 1 WHERE id = 2");

        try (Connection connection = database.connect()) {
            BlogSchema.backfill(connection, 1, 2);
            assertThat(database.query(remaining("B2.1__authors.sql"))).isEqualTo("0");
            assertThat(database.query(remaining("B2.2__posts_author_id.sql"))).isEqualTo("1");
            BlogSchema.backfill(connection, 3, 3);
        }

        assertThat(database.query(remaining("B2.2__posts_author_id.sql"))).isEqualTo("0");
        assertThat(database.query("SELECT string_agg(name, ' ' ORDER BY posts.id) FROM posts"
                        + " JOIN authors ON authors.id = author_id"))
                .isEqualTo("Ada Grace Ada");
    }

    /** The names differ although the email is the same: the new columns can hold only one of them. */
    @Test
    void the_backfill_neither_writes_back_nor_overwrites() {
        database.execute(
                "UPDATE posts SET author_name = 'Ada L.' WHERE id = 1",
                "UPDATE posts SET author_id = NULL, author_name = 'Ada K.' WHERE id = 1",
                "UPDATE posts SET author_id = 1, author_name = 'Ada M.' WHERE id = 2");

        schema.backfill();

        assertThat(database.query("SELECT string_agg(author_name || author_id, ' ' ORDER BY id) FROM posts"))
                .isEqualTo("Ada K.2 Ada M.1 Ada2");
    }

    @Test
    void finish_and_contract_leave_version_2_a_schema_as_strict_as_it_needs() {
        schema.backfill().finish();
        database.execute(INSERT_V1, INSERT_V2);
        assertThat(database.query(DIFFERING)).isEqualTo("0");

        schema.contract();

        database.execute(INSERT_V2);
        assertThatThrownBy(() -> database.execute("INSERT INTO posts (title, content) VALUES ('t', 'c')"))
                .hasMessageContaining("author_id");
        assertThatThrownBy(() -> database.execute(INSERT_V2.replace("1)", "99)")))
                .hasMessageContaining("posts_author_id_fkey");
        assertThat(database.query("SELECT count(*) FROM pg_proc WHERE proname ~ 'author'"))
                .isEqualTo("0");
    }

    /** A deadlock would fail one of the writers. The few authors make them meet all the time. */
    @Test
    void both_versions_and_the_backfill_write_at_once_and_agree_in_the_end() throws Exception {
        database.execute("SET pitstop.backfill = 'on'", OLD_POSTS); // as if written before the trigger was there
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < 6; writer++) {
            writers.add(threads.submit(writer(writer)));
        }
        try (Connection connection = database.connect()) {
            for (int pass = 0; pass < 3; pass++) {
                for (long from = 1; from <= 2_003; from += 100) {
                    BlogSchema.backfill(connection, from, from + 99);
                }
            }
        }
        threads.shutdown();
        for (Future<Integer> writer : writers) {
            assertThat(writer.get(30, TimeUnit.SECONDS)).isPositive();
        }

        assertThat(database.query(remaining("B2.2__posts_author_id.sql"))).isEqualTo("0");
        assertThat(database.query(DIFFERING)).isEqualTo("0");
    }

    /** Even numbers write as version 1 does, odd ones as version 2. */
    private Callable<Integer> writer(int number) {
        Posts posts = number % 2 == 0 ? new PostsV1() : new PostsV2();
        Random random = new Random(number);
        return () -> {
            int writes = 0;
            try (Connection connection = database.connect()) {
                for (; writes < 500; writes++) {
                    int author = random.nextInt(80);
                    Draft draft = new Draft("t" + writes, "c", "Author " + author, "author-" + author + "@example.org");
                    if (random.nextInt(4) == 0) {
                        posts.create(connection, draft);
                    } else {
                        posts.edit(connection, 4 + random.nextInt(2_000), draft);
                    }
                }
            }
            return writes;
        };
    }

    private static String remaining(String pass) {
        return BlogSchema.read("backfill", pass)
                .lines()
                .filter(line -> line.startsWith("-- remaining: "))
                .findFirst()
                .orElseThrow()
                .substring("-- remaining: ".length());
    }
}
