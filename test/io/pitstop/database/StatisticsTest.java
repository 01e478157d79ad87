package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two tables, one of which a session that has just ended has changed. */
class StatisticsTest {
    private final TestDatabase server =
            TestDatabase.create().execute("CREATE TABLE posts (id int)", "CREATE TABLE authors (id int)");

    @Test
    void what_has_changed_a_moment_ago_is_analyzed_and_nothing_else() {
        server.query("SELECT sum(n_live_tup) FROM pg_stat_user_tables"); // which a server before 15 keeps for a while
        server.execute("INSERT INTO posts SELECT generate_series(1, 1000)");
        server.awaitQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
                "0");

        List<String> analyzed = new Statistics(server.database()).refresh("test");

        assertThat(analyzed).containsExactly("posts");
        assertThat(server.query("SELECT reltuples FROM pg_class WHERE relname = 'posts'"))
                .isEqualTo("1000");
    }
}
