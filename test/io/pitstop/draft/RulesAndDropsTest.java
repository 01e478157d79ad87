package io.pitstop.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stricter rules for a table of orders, and what goes without a successor. */
class RulesAndDropsTest {
    private static final String NEW_ORDER = "INSERT INTO orders (code, customer_id, status) VALUES ('x', 1, 'old')";

    @TempDir
    private Path folder;

    private Rehearsal rehearsal;

    @BeforeEach
    void fill() {
        rehearsal = new Rehearsal(
                folder,
                """
                CREATE TABLE customers (id bigint PRIMARY KEY);
                CREATE TABLE orders (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    code text,
                    customer_id bigint,
                    status text NOT NULL
                );
                CREATE TABLE notes (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer_id bigint REFERENCES customers (id),
                    words text
                );
                CREATE TABLE marks (id bigint PRIMARY KEY, note_id bigint REFERENCES notes (id));
                CREATE INDEX marks_note_id ON marks (note_id);
                """);
        rehearsal.server.execute("INSERT INTO customers SELECT generate_series(1, 200)");
        rehearsal.server.execute(
                "INSERT INTO orders (code, customer_id, status) SELECT CASE WHEN n % 3 > 0 THEN 'c' || n"
                        + " END, n, 's' FROM generate_series(1, 200) n");
    }

    @Test
    void a_value_stands_in_where_version_1_leaves_a_column_empty_until_contract() {
        draft(new AddNotNull(orders(), "code", Optional.of("'none'")));
        rehearsal.expand();
        rehearsal.server.execute("INSERT INTO orders (status) VALUES ('n')");
        rehearsal.backfill().finish();
        rehearsal.server.execute("INSERT INTO orders (code, status) VALUES (NULL, 'n')");

        assertThat(rehearsal.server.query("SELECT count(*) FROM orders WHERE code = 'none'"))
                .isEqualTo("68");
        rehearsal.contract();
        assertThatThrownBy(() -> rehearsal.server.execute("INSERT INTO orders (status) VALUES ('n')"))
                .hasMessageContaining("code");
    }

    @Test
    void without_a_value_an_empty_column_is_for_the_team_to_find() {
        Draft draft = draft(new AddNotNull(orders(), "customer_id", Optional.empty()));

        assertThat(draft.of(Phase.EXPAND)).isEmpty();
        assertThat(rehearsal.server.query(query(draft.notes().get(0)))).isEqualTo("0");
        rehearsal.finish();
        assertThatThrownBy(() -> rehearsal.server.execute("INSERT INTO orders (status) VALUES ('n')"))
                .hasMessageContaining("customer_id");
    }

    @Test
    void a_foreign_key_brings_its_index_and_says_what_it_would_refuse() {
        Draft draft = draft(new AddForeignKey(orders(), "customer_id", rehearsal.table("customers"), "id"));

        rehearsal.server.execute("INSERT INTO orders (customer_id, status) VALUES (999, 'n')");
        assertThat(rehearsal.server.query(query(draft.notes().get(1)))).isEqualTo("1");
        rehearsal.server.execute("DELETE FROM orders WHERE customer_id = 999");
        rehearsal.finish();
        assertThatThrownBy(() -> rehearsal.server.execute("INSERT INTO orders (customer_id, status) VALUES (999, 'n')"))
                .hasMessageContaining("orders_customer_id_fkey");
        assertThat(rehearsal.server.query("SELECT indexdef FROM pg_indexes WHERE indexname = 'orders_customer_id'"))
                .contains("(customer_id)");
    }

    @Test
    void a_unique_rule_is_a_constraint_and_says_how_to_find_duplicates() {
        Draft draft = draft(new AddUnique(orders(), List.of("code")));

        rehearsal.server.execute(NEW_ORDER, NEW_ORDER);
        assertThat(rehearsal.server.query(query(draft.notes().get(0)))).isEqualTo("x");
        rehearsal.server.execute("DELETE FROM orders WHERE code = 'x'");
        rehearsal.finish();
        rehearsal.server.execute(NEW_ORDER);
        assertThatThrownBy(() -> rehearsal.server.execute(NEW_ORDER)).hasMessageContaining("orders_code_key");
    }

    @Test
    void both_names_of_a_table_work_until_contract_and_after_a_restore() {
        String role = "blog_" + rehearsal.server.query("SELECT current_database()");
        rehearsal.server.execute("CREATE ROLE " + role, "GRANT SELECT, INSERT ON orders TO " + role);
        draft(new RenameTable(orders(), "purchases"));
        rehearsal.expand();
        rehearsal.server.execute(
                "SET ROLE " + role + "; " + NEW_ORDER + "; INSERT INTO purchases (code, status) VALUES ('y', 'n')",
                "RESET ROLE",
                "UPDATE orders SET code = 'z' WHERE code = 'y'",
                "DELETE FROM orders WHERE code = 'c1'");

        assertThat(rehearsal.server.query(
                        "SELECT string_agg(code, ' ' ORDER BY code) FROM purchases WHERE code ~ '^[xyz]'"))
                .isEqualTo("x z");
        rehearsal.contract();
        assertThatThrownBy(() -> rehearsal.server.execute(NEW_ORDER)).hasMessageContaining("orders");
        assertThat(rehearsal.restore().problems()).isEmpty();
        rehearsal.server.execute(NEW_ORDER);
        assertThat(rehearsal.server.query("SELECT count(*) FROM purchases WHERE code = 'x'"))
                .isEqualTo("2");
    }

    @Test
    void a_cast_that_would_cut_texts_or_turns_on_a_time_zone_is_not_drafted_unasked() {
        assertThatThrownBy(() -> change("status", "varchar(3)", Optional.empty()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("cuts what is longer");
        assertThat(change("status", "varchar(3)", Optional.of("left(status, 3)"))
                        .losses())
                .isNotEmpty();
        rehearsal.server.execute("ALTER TABLE orders ADD COLUMN at timestamp");
        assertThatThrownBy(() -> change("at", "timestamptz", Optional.empty()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("depends on the time zone of the session");
    }

    private Draft change(String column, String type, Optional<String> using) {
        return new ChangeType(orders(), column, type, "fresh", using, Optional.of(column + "::text")).draft();
    }

    @Test
    void version_2_inserts_without_a_column_that_is_to_go_and_a_restore_fills_it() {
        assertThatThrownBy(() -> new DropColumn(orders(), "status", Optional.empty()).draft())
                .isInstanceOf(InvalidConfig.class);
        draft(new DropColumn(orders(), "status", Optional.of("'unknown'")));
        rehearsal.expand();
        rehearsal.server.execute("INSERT INTO orders (code) VALUES ('v2')");
        rehearsal.contract();
        rehearsal.server.execute("INSERT INTO orders (code) VALUES ('v2')");

        assertThat(rehearsal.restore().problems()).isEmpty();

        assertThat(rehearsal.server.query("SELECT count(*) FROM orders WHERE code = 'v2' AND status = 'unknown'"))
                .isEqualTo("2");
        assertThat(rehearsal.server.query("SELECT count(*) FROM orders WHERE status = 's'"))
                .isEqualTo("200");
    }

    @Test
    void a_table_goes_after_its_foreign_keys_and_comes_back_with_them() {
        rehearsal.server.execute(
                "INSERT INTO notes (customer_id, words) VALUES (1, 'hm')", "INSERT INTO marks VALUES (1, 1)");
        Draft draft = draft(new DropTable(rehearsal.table("notes")));
        assertThat(draft.of(Phase.CONTRACT)).hasSize(3);
        rehearsal.contract();
        assertThat(rehearsal.server.query("SELECT to_regclass('notes')")).isEqualTo("null");

        assertThat(rehearsal.restore().problems()).isEmpty();

        assertThat(rehearsal.server.query("SELECT words FROM notes")).isEqualTo("hm");
        assertThat(
                        rehearsal.server.query(
                                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND 'notes'::regclass IN (conrelid, confrelid)"))
                .isEqualTo("2");
    }

    @Test
    void a_part_of_the_key_is_refused() {
        assertThatThrownBy(() -> new RenameColumn(orders(), "id", "number").draft())
                .isInstanceOf(InvalidConfig.class);
        Table plain = Table.of("", "t", List.of(new Column("id", "bigint")), List.of("id"));
        assertThatThrownBy(() -> new RenameColumn(plain, "id", "number").draft())
                .hasMessageContaining("primary key");
    }

    /** Each draft passes check. */
    private Draft draft(Change change) {
        Draft draft = rehearsal.draft(change);
        assertThat(rehearsal.check()).isEmpty();
        return draft;
    }

    private Table orders() {
        return rehearsal.table("orders");
    }

    private static String query(String note) {
        return note.substring(note.indexOf("SELECT"));
    }
}
