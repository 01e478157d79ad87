package io.pitstop.draft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.draft.Writers.Application;
import io.pitstop.draft.Writers.Write;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users have an address, which moves to their profiles; most users have a profile, some get one later. */
class MoveColumnTest {
    private static final String DIFFERING =
            "SELECT count(*) FROM users JOIN profiles ON user_id = users.id WHERE address IS DISTINCT FROM street";

    private static final Application VERSION_1 =
            new TwoVersions("users", List.of("address"), List.of(List.of("'a'", "'b'", "'c'", "NULL")));

    private static final Application VERSION_2 = (random, id) -> {
        String value = List.of("'d'", "'e'", "'f'").get(random.nextInt(3));
        String sql = random.nextBoolean()
                ? "UPDATE profiles SET street = " + value + " WHERE user_id = " + id
                : "INSERT INTO profiles (user_id, street) SELECT id, " + value + " FROM users WHERE id = " + id
                        + " ON CONFLICT (user_id) DO UPDATE SET street = EXCLUDED.street";
        return new Write(sql, "SELECT street = " + value + " FROM profiles WHERE user_id = " + id);
    };

    /** Version 1 knows profiles too, just not their street. */
    private static final Application BOTH = (random, id) -> switch (random.nextInt(5)) {
        case 0 -> new Write(
                "INSERT INTO profiles (user_id) SELECT id FROM users WHERE id = " + id + " ON CONFLICT DO NOTHING",
                "SELECT count(*) = 1 FROM profiles WHERE user_id = " + id);
        case 1, 2 -> VERSION_2.write(random, id);
        default -> VERSION_1.write(random, id);
    };

    @TempDir
    private Path folder;

    @Test
    void both_versions_keep_what_they_write() throws Exception {
        Rehearsal rehearsal = rehearsal();
        try (Writers writers = new Writers(rehearsal.server, 5).repeating()) {
            writers.before(VERSION_1, 600);
            rehearsal.server.execute("INSERT INTO profiles (user_id) SELECT id FROM users WHERE id % 3 > 0");
            rehearsal.draft(change(rehearsal));
            assertThat(rehearsal.check()).isEmpty();

            writers.begin(VERSION_1);
            rehearsal.expand();
            writers.end().begin(BOTH);
            rehearsal.backfill();
            writers.end();
            assertThat(writers.lost()).isEmpty();
            assertThat(rehearsal.server.query(DIFFERING)).isEqualTo("0");
            assertThat(rehearsal.differing()).isEmpty();

            writers.begin(VERSION_2);
            rehearsal.finish().contract();
            writers.end();
            assertThat(writers.lost()).isEmpty();

            writers.begin(VERSION_2);
            assertThat(rehearsal.restore().problems()).isEmpty();
            writers.end().begin(BOTH).end();
            assertThat(writers.lost()).isEmpty();
            assertThat(rehearsal.server.query(DIFFERING)).isEqualTo("0");
        }
    }

    /** The batch has read the old value when it comes to wait for the row that is written. */
    @Test
    void an_address_that_is_emptied_while_the_backfill_waits_does_not_come_back() throws Exception {
        Rehearsal rehearsal = rehearsal();
        rehearsal.server.execute("INSERT INTO users VALUES (1, 'n', 'a')", "INSERT INTO profiles (user_id) VALUES (1)");
        rehearsal.draft(change(rehearsal));
        rehearsal.expand();
        try (Connection version1 = rehearsal.server.connect();
                Statement statement = version1.createStatement()) {
            version1.setAutoCommit(false);
            statement.execute("UPDATE users SET address = NULL WHERE id = 1");
            CompletableFuture<Void> backfill = CompletableFuture.runAsync(rehearsal::backfill);
            rehearsal.server.awaitQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
                    "1");
            version1.commit();
            backfill.get(30, TimeUnit.SECONDS);
        }

        assertThat(rehearsal.server.query(DIFFERING)).isEqualTo("0");
    }

    @Test
    void what_makes_values_compare_otherwise_moves_along_or_is_named() {
        Rehearsal rehearsal = rehearsal();
        rehearsal.server.execute(
                "ALTER TABLE users ALTER COLUMN address TYPE text COLLATE \"C\"",
                "CREATE INDEX users_address ON users (address)",
                "CREATE INDEX users_lower ON users (lower(address))",
                "ALTER TABLE users ADD CONSTRAINT one_address UNIQUE (address) DEFERRABLE");
        Draft draft = rehearsal.draft(change(rehearsal));
        rehearsal.expand().backfill().finish();

        assertThat(rehearsal.server.query(
                        "SELECT collation_name FROM information_schema.columns WHERE column_name = 'street'"))
                .isEqualTo("C");
        assertThat(rehearsal.server.query(
                        "SELECT string_agg(indexdef, '; ') FROM pg_indexes WHERE indexdef LIKE '%street%'"))
                .endsWith("profiles USING btree (street)");
        assertThat(draft.notes())
                .anySatisfy(note -> assertThat(note).contains("lower(address)"))
                .anySatisfy(note -> assertThat(note).contains("CONSTRAINT one_address UNIQUE (address) DEFERRABLE"));
    }

    private Rehearsal rehearsal() {
        return new Rehearsal(
                folder,
                """
                CREATE TABLE users (id bigint PRIMARY KEY, note text, address text);
                CREATE TABLE profiles (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    user_id bigint NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
                );
                """);
    }

    private static Change change(Rehearsal rehearsal) {
        return new MoveColumn(rehearsal.table("users"), "address", rehearsal.table("profiles"), "user_id", "street");
    }
}
