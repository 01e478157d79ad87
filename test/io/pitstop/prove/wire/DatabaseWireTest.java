package io.pitstop.prove.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.database.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session through the wire; the disk of the server is full whenever a test says so. */
class DatabaseWireTest {
    private static final String FULL = "53100";
    private static final String ABORTED = "25P02";

    private final TestDatabase database = TestDatabase.create().execute("CREATE TABLE posts (id int, title text)");
    private final URI server = URI.create(database.url().substring("jdbc:".length()));
    private final DatabaseWire wire = DatabaseWire.open(server.getPort(), this::pass);
    private final AtomicInteger insertsWithRoom = new AtomicInteger(Integer.MAX_VALUE);

    private Connection session;

    @BeforeEach
    void connect() throws SQLException {
        session = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + wire.port() + server.getPath() + "?sslmode=disable&gssEncMode=disable",
                "postgres",
                "postgres");
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        wire.close();
    }

    @Test
    void a_statement_without_room_fails_and_the_next_one_finds_some() throws SQLException {
        insertsWithRoom.set(0);

        assertThatThrownBy(() -> run("INSERT INTO posts VALUES (1, 'one')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("No space left on device")
                .hasFieldOrPropertyWithValue("SQLState", FULL);

        insertsWithRoom.set(9);
        run("INSERT INTO posts VALUES (2, 'two')");
        assertThat(database.query("SELECT string_agg(title, ',') FROM posts")).isEqualTo("two");
    }

    @Test
    void a_transaction_that_begins_with_it_is_aborted_until_it_is_rolled_back() throws SQLException {
        session.setAutoCommit(false);
        insertsWithRoom.set(0);

        assertThatThrownBy(() -> run("INSERT INTO posts VALUES (1, 'one')"))
                .hasFieldOrPropertyWithValue("SQLState", FULL);
        assertThatThrownBy(() -> run("SELECT 1")).hasFieldOrPropertyWithValue("SQLState", ABORTED);

        session.rollback();
        insertsWithRoom.set(9);
        run("INSERT INTO posts VALUES (2, 'two')");
        session.commit();
        assertThat(database.query("SELECT string_agg(title, ',') FROM posts")).isEqualTo("two");
    }

    @Test
    void what_the_transaction_did_before_is_gone_and_a_prepared_statement_can_be_used_again() throws SQLException {
        session.setAutoCommit(false);
        insertsWithRoom.set(12);
        try (PreparedStatement insert = session.prepareStatement("INSERT INTO posts VALUES (?, 'many')")) {
            assertThatThrownBy(() -> insert(insert, 20)).hasFieldOrPropertyWithValue("SQLState", FULL);
            session.rollback();
            assertThat(database.query("SELECT count(*) FROM posts")).isEqualTo("0");

            insertsWithRoom.set(99);
            insert(insert, 20);
            session.commit();
        }
        assertThat(database.query("SELECT count(*) FROM posts")).isEqualTo("20");
    }

    @Test
    void a_batch_without_room_fails_as_a_whole() throws SQLException {
        insertsWithRoom.set(0);
        try (PreparedStatement insert = session.prepareStatement("INSERT INTO posts VALUES (?, 'many')")) {
            for (int id = 0; id < 5; id++) {
                insert.setInt(1, id);
                insert.addBatch();
            }

            assertThatThrownBy(insert::executeBatch).hasFieldOrPropertyWithValue("SQLState", FULL);
        }
        assertThat(database.query("SELECT count(*) FROM posts")).isEqualTo("0");
    }

    private Passage pass(String action, Side side, OptionalInt backend) {
        boolean writes = action.contains("] INSERT INTO posts") && side == Side.BEFORE;
        return writes && insertsWithRoom.getAndDecrement() <= 0 ? Passage.REFUSE : Passage.GO;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void insert(PreparedStatement insert, int rows) throws SQLException {
        for (int id = 0; id < rows; id++) {
            insert.setInt(1, id);
            insert.executeUpdate();
        }
    }
}
