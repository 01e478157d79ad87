package io.pitstop.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.draft.Writers.Application;
import io.pitstop.draft.Writers.Write;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Posts carry name and email of their author, until authors get a table of their own. */
class ExtractTableTest {
    private static final String DIFFERING = "SELECT count(*) FROM posts LEFT JOIN authors ON authors.id = author_id"
            + " WHERE author_email IS DISTINCT FROM email";
    private static final String INSERT = "INSERT INTO posts (id, author_name, author_email) VALUES ";

    @TempDir
    private Path folder;

    /** Few authors, so that sessions meet; their names vary. */
    private record Version1(boolean nullable) implements Application {
        @Override
        public Write write(Random random, long id) {
            boolean none = nullable && random.nextInt(5) == 0;
            String name = none && random.nextBoolean() ? "NULL" : "'n" + random.nextInt(3) + "'";
            String email = none ? "NULL" : "'e" + random.nextInt(30) + "'";
            return new TwoVersions(
                            "posts", List.of("author_name", "author_email"), List.of(List.of(name), List.of(email)))
                    .write(random, id);
        }
    }

    private static final Application VERSION_2 = (random, id) -> {
        String email = "'e" + random.nextInt(40) + "'";
        String author = "(SELECT id FROM authors WHERE email = " + email + ")";
        Write write = new TwoVersions("posts", List.of("author_id"), List.of(List.of(author))).write(random, id);
        return new Write(
                "INSERT INTO authors (name, email) VALUES ('n', " + email + ") ON CONFLICT (email) DO NOTHING;\n"
                        + write.sql(),
                write.proof());
    };

    @Test
    void who_may_write_to_the_old_table_still_can() throws Exception {
        Rehearsal rehearsal = rehearsal("");
        String role = "app_" + rehearsal.server.query("SELECT current_database()");
        rehearsal.server.execute("CREATE ROLE " + role, "GRANT SELECT, INSERT, UPDATE ON posts TO " + role);
        rehearsal.draft(change(rehearsal));
        rehearsal.expand();

        rehearsal.server.execute(
                "SET ROLE " + role + "; " + INSERT + "(1, 'n', 'e1'); UPDATE posts SET author_name = 'm'");

        assertThat(rehearsal.server.query("SELECT name FROM authors")).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void both_versions_keep_what_they_write(boolean nullable) throws Exception {
        Rehearsal rehearsal = rehearsal(nullable ? "" : " NOT NULL");
        Version1 version1 = new Version1(nullable);
        try (Writers writers = new Writers(rehearsal.server, 3)) {
            writers.before(version1, 600);
            rehearsal.draft(change(rehearsal));
            assertThat(rehearsal.check()).isEmpty();

            writers.begin(version1);
            rehearsal.expand();
            writers.end().begin(TwoVersions.of(version1, VERSION_2));
            rehearsal.backfill();
            writers.end();
            assertThat(writers.lost()).isEmpty();
            assertThat(rehearsal.server.query(DIFFERING)).isEqualTo("0");
            assertThat(rehearsal.differing()).isEmpty();

            writers.begin(TwoVersions.of(version1, VERSION_2));
            rehearsal.finish();
            writers.end();
            assertThat(rehearsal.differing()).isEmpty();
            writers.begin(VERSION_2);
            rehearsal.contract();
            writers.end().begin(VERSION_2);
            assertThat(rehearsal.restore().problems()).isEmpty();
            writers.end();
            assertThat(writers.lost()).isEmpty();
            assertThat(rehearsal.server.query(DIFFERING)).isEqualTo("0");

            writers.begin(TwoVersions.of(version1, VERSION_2)).end();
            assertThat(writers.lost()).isEmpty();
            assertThat(rehearsal.server.query(DIFFERING)).isEqualTo("0");
        }
    }

    @Test
    void what_version_2_changes_in_place_shows_to_version_1_but_what_version_1_changes_stays_with_its_post() {
        Rehearsal rehearsal = rehearsal(" NOT NULL");
        rehearsal.draft(change(rehearsal));
        rehearsal.expand();
        rehearsal.server.execute(INSERT + "(1, 'Ada', 'a@x'), (2, 'Ada', 'a@x'), (3, 'Bob', 'b@x')");

        rehearsal.server.execute("UPDATE authors SET name = 'Ada L.', email = 'l@x' WHERE email = 'a@x'");
        assertThat(authors(rehearsal)).isEqualTo("Ada L. l@x, Ada L. l@x, Bob b@x");

        rehearsal.server.execute("UPDATE posts SET author_name = 'Ada K.' WHERE id = 1");
        assertThat(authors(rehearsal)).isEqualTo("Ada K. l@x, Ada L. l@x, Bob b@x");
        assertThat(rehearsal.server.query("SELECT name FROM authors WHERE email = 'l@x'"))
                .isEqualTo("Ada K.");
    }

    @Test
    void who_writes_both_sides_is_left_alone() {
        Rehearsal rehearsal = rehearsal(" NOT NULL");
        rehearsal.draft(change(rehearsal));
        rehearsal.expand();
        rehearsal.server.execute(
                INSERT + "(1, 'Ada', 'a@x')",
                "INSERT INTO posts (id, author_name, author_email, author_id) VALUES (2, 'Lin', 'l@x', 1)");

        assertThat(authors(rehearsal)).isEqualTo("Ada a@x, Lin l@x");
        assertThat(rehearsal.differing()).containsExactly("2");
        assertThat(rehearsal.server.query("SELECT count(DISTINCT author_id) FROM posts"))
                .isEqualTo("1");
    }

    @Test
    void an_author_who_does_not_exist_is_refused_before_the_foreign_key_is_there() {
        Rehearsal rehearsal = rehearsal("");
        rehearsal.draft(change(rehearsal));
        rehearsal.expand();

        assertThatThrownBy(() -> rehearsal.server.execute("INSERT INTO posts (id, author_id) VALUES (1, 99)"))
                .hasMessageContaining("there is no author with id 99");
    }

    @Test
    void the_identity_must_be_among_the_columns() {
        Rehearsal rehearsal = rehearsal("");
        assertThatThrownBy(() -> new ExtractTable(
                        rehearsal.table("posts"),
                        Map.of("author_name", "name"),
                        List.of("email"),
                        "authors",
                        "author_id"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("[email]");
    }

    private Rehearsal rehearsal(String strictness) {
        return new Rehearsal(
                folder,
                "CREATE TABLE posts (id bigint PRIMARY KEY, note text, author_name text, author_email text" + strictness
                        + ");\nCREATE INDEX posts_author_email ON posts (author_email);");
    }

    private static Change change(Rehearsal rehearsal) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("author_name", "name");
        columns.put("author_email", "email");
        return new ExtractTable(rehearsal.table("posts"), columns, List.of("author_email"), "authors", "author_id");
    }

    private static String authors(Rehearsal rehearsal) {
        return rehearsal.server.query(
                "SELECT string_agg(author_name || ' ' || author_email, ', ' ORDER BY id) FROM posts");
    }
}
