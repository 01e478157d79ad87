package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Missing;
import io.pitstop.release.Lease;
import io.pitstop.step.inquiry.Inquiry;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 50,000 posts with an author's name each, and his id, which a backfill has found. */
class ComparisonEvidenceTest {
    private static final String SAME = "-- same: SELECT p.id, a.name = p.author_name FROM posts p"
            + " LEFT JOIN authors a ON a.id = p.author_id WHERE p.id BETWEEN :from AND :to";

    @TempDir
    private Path folder;

    private final Situation at = new Situation();

    @BeforeEach
    void posts_are_backfilled() {
        at.server.execute(
                "CREATE TABLE authors (id int PRIMARY KEY, name text)",
                "INSERT INTO authors SELECT i, 'a' || i FROM generate_series(1, 100) i",
                "CREATE TABLE posts (id int PRIMARY KEY, author_name text, author_id int)",
                "INSERT INTO posts SELECT i, 'a' || abs(i) % 100 + 1, abs(i) % 100 + 1 FROM generate_series(-5, 49994) i");
        at.given(SWITCHED, BACKFILLED);
        file(SAME);
    }

    @Test
    void values_that_agree_are_evidence_with_the_number_of_rows() {
        assertThat(ask().shown())
                .singleElement()
                .asString()
                .startsWith("old and new values agree in all 50,000 rows of posts, by B1__author.sql");
    }

    @Test
    void rows_that_differ_are_counted_and_located_by_their_keys() {
        at.server.execute(
                "UPDATE posts SET author_name = 'x' WHERE id IN (-5, 17, 30000)",
                "UPDATE posts SET author_id = NULL WHERE id = 49994",
                "UPDATE posts SET author_id = 101 WHERE id = 5");

        assertThatThrownBy(this::ask)
                .isInstanceOf(MoveRefused.class)
                .hasMessage("Old and new values differ in 5 of 50,000 rows of posts, by B1__author.sql:"
                        + " key -5, 5, 17, 30000, 49994.");
    }

    @Test
    void only_some_of_many_keys_are_named() {
        at.server.execute("UPDATE posts SET author_name = 'x'");

        assertThatThrownBy(this::ask).hasMessageEndingWith("key -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, ….");
    }

    @Test
    void a_comparison_that_found_differences_is_made_again() {
        at.server.execute("UPDATE posts SET author_name = 'x' WHERE id = 17");
        assertThatThrownBy(this::ask).isInstanceOf(MoveRefused.class);
        at.server.execute("UPDATE posts SET author_name = 'a18' WHERE id = 17");

        assertThat(ask().shown()).hasSize(1);
    }

    @Test
    void a_comparison_that_was_cut_short_goes_on_where_it_was() {
        ask();
        at.server.execute(
                "UPDATE pitstop.comparisons SET finished_at = NULL, last_key = '{20000}', rows = 20006, differing = 0",
                "UPDATE posts SET author_name = 'x' WHERE id IN (7, 20001)");

        assertThatThrownBy(this::ask)
                .hasMessageContaining("differ in 1 of 50,000 rows")
                .hasMessageEndingWith("key 20001.");
    }

    @Test
    void a_comparison_that_was_cut_short_long_ago_begins_again() {
        ask();
        at.server.execute(
                "UPDATE pitstop.comparisons SET finished_at = NULL, last_key = '{20000}', rows = 20006, differing = 0,"
                        + " advanced_at = advanced_at - interval '61 minutes'",
                "UPDATE posts SET author_name = 'x' WHERE id IN (7, 20001)");

        assertThatThrownBy(this::ask)
                .hasMessageContaining("differ in 2 of 50,000 rows")
                .hasMessageEndingWith("key 7, 20001.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHERE :batch(p)", "WHERE p.id BETWEEN :from AND :to"})
    void rows_may_have_a_key_of_any_type(String range) {
        at.server.execute(
                "ALTER TABLE posts ALTER COLUMN id TYPE text USING 'o''' || id",
                "UPDATE posts SET author_name = 'x' WHERE id IN ('o''17', 'o''9')");
        file(SAME.replace("WHERE p.id BETWEEN :from AND :to", range));

        assertThatThrownBy(this::ask)
                .hasMessage(
                        "Old and new values differ in 2 of 50,000 rows of posts, by B1__author.sql: key o'17, o'9.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key=author_id,id", "walk=heap", "key=author_id"})
    void rows_may_have_a_key_of_several_columns_or_the_catalog_names_it(String header) {
        at.server.execute(
                "ALTER TABLE posts DROP CONSTRAINT posts_pkey, ADD PRIMARY KEY (author_id, id)",
                "UPDATE posts SET author_name = 'x' WHERE id IN (-5, 49994)");
        file(SAME.replace("p.id,", "(p.author_id, p.id),").replace("p.id BETWEEN :from AND :to", ":batch(p)"), header);

        assertThatThrownBy(this::ask)
                .hasMessage("Old and new values differ in 2 of 50,000 rows of posts, by B1__author.sql:"
                        + " key (6,-5), (95,49994).");
    }

    @Test
    void an_empty_table_agrees() {
        at.server.execute("TRUNCATE posts");

        assertThat(ask().shown()).singleElement().asString().contains("agree in all 0 rows");
    }

    @Test
    void rows_without_a_key_could_be_missed_and_so_are_refused() {
        at.server.execute("ALTER TABLE posts DROP CONSTRAINT posts_pkey, ALTER COLUMN id DROP NOT NULL");

        assertThatThrownBy(this::ask)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("posts has no columns id, NOT NULL, along which rows could be compared");
        file(SAME, "walk=heap");
        assertThatThrownBy(this::ask).hasMessageContaining("posts has no primary key");
    }

    @Test
    void what_looks_like_a_range_inside_of_a_literal_is_none() {
        file(SAME.replace("a.name =", "':from ?' <> ':batch' AND a.name ="));

        assertThat(ask().shown()).hasSize(1);
    }

    @Test
    void an_interrupt_ends_it_between_two_ranges() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(this::ask).isInstanceOf(Interrupted.class);
        assertThat(Thread.interrupted()).isTrue(); // which also ends it
        assertThat(ask().shown()).hasSize(1);
    }

    @Test
    void what_was_found_a_short_while_ago_need_not_be_found_again() {
        String first = ask().shown().get(0);

        assertThat(ask().shown().get(0)).isEqualTo(first);
    }

    @Test
    void a_query_that_leaves_rows_out_is_refused() {
        at.server.execute("UPDATE posts SET author_id = NULL WHERE id = 17");
        file(SAME.replace("LEFT JOIN", "JOIN"));

        assertThatThrownBy(this::ask)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("gives 19999 rows for the 20000 rows of posts with id from -5 to 19994");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-- same: SELECT id, true FROM posts",
                "-- same: author_name = author_id",
                "-- same: SELECT id, author FROM posts WHERE id BETWEEN :from AND :to",
                "-- same: SELECT id, setval('s', 1) > 0 FROM posts WHERE id BETWEEN :from AND :to",
            })
    void a_line_that_is_no_comparison_is_refused(String line) {
        at.server.execute("CREATE SEQUENCE s");
        file(line);

        assertThatThrownBy(this::ask).isInstanceOf(InvalidConfig.class).hasMessageContaining("B1__author.sql");
    }

    @Test
    void a_file_that_does_not_say_how_to_compare_leaves_it_open() {
        file("-- nothing to see here");

        assertThat(ask().missing())
                .extracting(Missing::what)
                .containsExactly(
                        "Nobody knows whether old and new values agree: B1__author.sql does not say when they do.");
    }

    @Test
    void a_file_may_say_why_there_is_nothing_to_compare() {
        file("-- same: nothing, because the old column was never filled");

        assertThat(ask().shown())
                .containsExactly("B1__author.sql compares nothing, because the old column was never filled");
    }

    private void file(String same) {
        file(same, "key=id");
    }

    private void file(String same, String header) {
        at.sql(
                folder,
                "backfill/B1__author.sql",
                "-- backfill: table=posts " + header
                        + "\n-- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL\n" + same
                        + "\nUPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to;\n");
    }

    private Inquiry.Answer ask() {
        try (Lease lease = at.journal.lease(at.release(), "contract")) {
            return at.comparisonEvidence(folder).ask(lease);
        }
    }
}
