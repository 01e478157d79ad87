package io.pitstop.check.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.database.TestDatabase;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table with the columns of pg_stat_statements stands for it: the extension needs a server that loads it at its start. */
class RecordingTest {
    private static final String STATEMENTS =
            """
            CREATE TABLE pg_stat_statements AS
            SELECT r.oid AS userid, d.oid AS dbid, q.query, q.calls
              FROM pg_database d, pg_roles r, (VALUES
                   ('SELECT title FROM posts WHERE id = $1', 70), ('/* app */ INSERT INTO posts VALUES ($1)', 30),
                   ('CREATE ROLE x PASSWORD ''secret''', 1), ('SELECT * FROM pitstop.release', 99)) q (query, calls)
             WHERE d.datname = current_database() AND r.rolname = 'postgres'""";

    @TempDir
    private Path folder;

    @Test
    void what_the_roles_of_the_application_ran_is_recorded_the_most_frequent_first() {
        TestDatabase database = TestDatabase.create().execute(STATEMENTS);

        Recording recording = Recording.of(database.database(), List.of("postgres"));

        assertThat(recording.statements())
                .containsExactly(
                        new LiveStatement("SELECT title FROM posts WHERE id = $1", 70),
                        new LiveStatement("/* app */ INSERT INTO posts VALUES ($1)", 30));
    }

    @Test
    void superusers_are_not_the_application_unless_they_are_named() {
        TestDatabase database = TestDatabase.create().execute(STATEMENTS);

        assertThat(Recording.of(database.database(), List.of()).statements()).isEmpty();
    }

    @Test
    void a_server_without_the_extension_is_said_to_be_one() {
        Recording recording = Recording.of(TestDatabase.create().database(), List.of());

        assertThat(recording.statements()).isEmpty();
        assertThat(recording.notes()).singleElement().asString().contains("pg_stat_statements");
    }

    @Test
    void a_file_gives_back_what_was_written() {
        Recording recording = new Recording(List.of(new LiveStatement("SELECT 'ä'", 3)), List.of());

        recording.write(folder.resolve("new/live.json"));

        assertThat(Recording.load(folder.resolve("new/live.json"))).isEqualTo(recording);
    }

    @Test
    void a_file_that_is_none_is_named() {
        assertThatThrownBy(() -> Recording.load(folder.resolve("none.json")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("none.json");
    }
}
