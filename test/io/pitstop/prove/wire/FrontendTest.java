package io.pitstop.prove.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a client says, and what the wire makes of it. */
class FrontendTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void a_simple_query_is_an_action() throws IOException {
        say('Q', text("UPDATE posts\n   SET title = 'It''s 5' WHERE id = 17"));

        assertThat(frontend().next().action()).contains("database UPDATE posts SET title = ? WHERE id = #");
    }

    @Test
    void of_a_look_and_a_write_in_one_round_trip_the_write_matters() throws IOException {
        bind("s1", "SELECT set_config('lock_timeout', $1, true)");
        bind("s2", "SELECT 1 FROM ranges FOR NO KEY UPDATE");
        bind("s3", "UPDATE /* pitstop */ posts y SET title = ''");
        say('S', "");

        assertThat(frontend().next().action()).contains("database UPDATE /* pitstop */ posts y SET title = ?");
    }

    @Test
    void statements_that_end_their_transaction_in_the_same_round_trip_are_a_commit_of_what_they_write()
            throws IOException {
        bind("s1", "SELECT set_config('synchronous_commit', $1, true)");
        bind("s2", "UPDATE notes SET rows = rows + $1");
        bind("s3", "COMMIT");
        say('S', "");

        assertThat(frontend().next().action()).contains("database COMMIT of UPDATE notes SET rows = rows + #");
    }

    @Test
    void messages_until_the_sync_are_one_action_named_by_the_statement_that_matters() throws IOException {
        bind("", "BEGIN");
        bind("s1", "INSERT INTO posts VALUES ($1)");
        say('E', text("") + "\0\0\0\0");
        say('S', "");

        Frontend.Group group = frontend().next();

        assertThat(group.action()).contains("database INSERT INTO posts VALUES (#)");
        assertThat(group.bytes()).isEqualTo(said.toByteArray());
        assertThat(group.begins()).as("a transaction").isTrue();
    }

    @Test
    void a_statement_that_was_prepared_earlier_is_known_by_its_name() throws IOException {
        say('P', text("s1") + text("SELECT 1"));
        say('S', "");
        say('B', text("") + text("s1"));
        say('S', "");
        Frontend frontend = frontend();
        assertThat(frontend.next().begins()).as("a transaction").isFalse();

        assertThat(frontend.next().action()).contains("database SELECT #");
    }

    @Test
    void a_commit_is_told_from_another_by_what_it_ends() throws IOException {
        say('Q', text("DELETE FROM posts"));
        say('Q', text("COMMIT"));
        Frontend frontend = frontend();
        frontend.next();

        assertThat(frontend.next().action()).contains("database COMMIT of DELETE FROM posts");
    }

    @Test
    void an_action_bears_the_purpose_of_its_session() throws IOException {
        say('Q', text("SET application_name = 'pitstop:blog:lease contract'"));
        say('Q', text("SELECT now()"));
        Frontend frontend = frontend();
        frontend.next();

        assertThat(frontend.next().action()).contains("database [lease contract] SELECT now()");
    }

    @Test
    void a_password_passes_and_is_no_action() throws IOException {
        say('p', text("secret"));

        Frontend.Group group = frontend().next();

        assertThat(group.action()).isEmpty();
        assertThat(group.bytes()).isEqualTo(said.toByteArray());
    }

    private void bind(String name, String sql) throws IOException {
        say('P', text(name) + text(sql));
        say('B', text("") + text(name));
    }

    private Frontend frontend() {
        return new Frontend(new DataInputStream(new ByteArrayInputStream(said.toByteArray())));
    }

    private void say(char type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(said);
        out.writeByte(type);
        out.writeInt(4 + bytes.length);
        out.write(bytes);
    }

    private static String text(String text) {
        return text + "\0";
    }
}
