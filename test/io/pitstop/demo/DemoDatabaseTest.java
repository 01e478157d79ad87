package io.pitstop.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.check.trial.Scratch;
import io.pitstop.check.trial.ScratchSource;
import io.pitstop.check.trial.ScratchUrl;
import io.pitstop.database.TestDatabase;
import io.pitstop.demo.blog.Seed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDatabaseTest {
    private static final Path PROGRAMS = Path.of("target", "postgres");

    @TempDir
    Path folder;

    @Test
    void it_is_a_server_as_strict_as_in_production_and_leaves_nothing_behind() throws Exception {
        Path data = folder.resolve("data");
        try (DemoDatabase database = DemoDatabase.start(data, PROGRAMS)) {
            assertThat(query(database, "SHOW fsync")).isEqualTo("on");
            assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "SHOW max_connections")).isEqualTo("100");
            assertThat(query(database, "SELECT count(*) > 0 FROM pg_stat_statements"))
                    .isEqualTo("t");
            assertThatThrownBy(() -> DriverManager.getConnection(database.url(), "blog", "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThatThrownBy(() -> DriverManager.getConnection(database.url(), "postgres", "postgres"))
                    .isInstanceOf(SQLException.class);

            ScratchSource source = ScratchUrl.source(database.scratch().get("PITSTOP_SCRATCH_URL"), database.scratch());
            try (Scratch scratch =
                            source.open(OptionalInt.empty(), reason -> {}).orElseThrow();
                    Connection session = scratch.connect()) {
                assertThat(session.getCatalog()).as("one of its own").startsWith("pitstop_trial_");
                assertThatThrownBy(() -> session.createStatement().execute("SELECT pg_read_file('/etc/hosts')"))
                        .isInstanceOf(SQLException.class);
            }

            Seed seed = new Seed(1_000, 100);
            database.seed(seed);
            assertThat(query(database, "SELECT count(*) || ' ' || count(DISTINCT author_email) FROM posts"))
                    .isEqualTo("1000 100");
            assertThat(query(
                            database,
                            "SELECT concat_ws('|', title, content, author_name, author_email)"
                                    + " FROM posts WHERE id = 777"))
                    .isEqualTo(String.join(
                            "|",
                            seed.draft(777).title(),
                            seed.draft(777).content(),
                            seed.draft(777).authorName(),
                            seed.draft(777).authorEmail()));
            assertThat(query(database, "SELECT nextval(pg_get_serial_sequence('posts', 'id'))"))
                    .isEqualTo("1001");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void what_a_killed_demo_left_is_cleared_away() throws Exception {
        Path data = folder.resolve("data");
        DemoDatabase.start(data, PROGRAMS);
        long server = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));

        Leftovers.remove(data);

        assertThat(ProcessHandle.of(server).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(data).doesNotExist();
        assertThatCode(() -> Leftovers.remove(data)).doesNotThrowAnyException();
    }

    @Test
    void a_folder_that_holds_something_else_is_left_alone() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.txt"), "dear");

        assertThatThrownBy(() -> DemoDatabase.start(folder, PROGRAMS))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining(folder.toString());
        assertThat(letter).exists();
    }

    @Test
    void root_without_user_namespaces_is_told_what_to_do() {
        assertThatThrownBy(() -> RootWithoutNamespaces.refuse(true, "false"))
                .isInstanceOfSatisfying(
                        DependencyFailed.class, e -> assertThat(e.hint()).contains("--db-url"));
        assertThatCode(() -> RootWithoutNamespaces.refuse(true, "true")).doesNotThrowAnyException();
        assertThatCode(() -> RootWithoutNamespaces.refuse(false, "false")).doesNotThrowAnyException();
    }

    @Test
    void a_database_that_does_not_count_its_statements_is_refused_before_anything_is_made() {
        TestDatabase theirs = TestDatabase.create();
        DemoDatabase database = DemoDatabase.at(theirs.url(), theirs.environment());
        assertThatCode(database::refuseSilence).doesNotThrowAnyException();

        theirs.execute("DROP EXTENSION pg_stat_statements");

        assertThatThrownBy(database::refuseSilence)
                .isInstanceOfSatisfying(
                        InvalidConfig.class, e -> assertThat(e.hint()).contains("CREATE EXTENSION"));
    }

    private static String query(DemoDatabase database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
