package io.pitstop.draft.sql;

import io.pitstop.draft.Draft.Script;
import io.pitstop.draft.Phase;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import java.util.ArrayList;
import java.util.List;

/** What makes columns as fast and as strict as the new version needs them, one strong lock a script. */
public final class Strictness {
    private final Table table;
    private final List<Script> scripts = new ArrayList<>();

    public Strictness(Table table) {
        this.table = table;
    }

    public List<Script> scripts() {
        return List.copyOf(scripts);
    }

    public Strictness index(List<String> columns) {
        return index(columns, false, name("", columns));
    }

    /** @param constraint also make it a constraint, which ON CONFLICT ON CONSTRAINT and foreign keys can name */
    public Strictness unique(List<String> columns, boolean constraint) {
        String name = name("key", columns);
        index(columns, true, name);
        if (constraint) {
            add(
                    "unique " + name,
                    "-- Instant: the index is there.\nALTER TABLE " + table.sql() + " ADD CONSTRAINT "
                            + Identifier.quoted(name) + " UNIQUE USING INDEX " + Identifier.quoted(name) + ";");
        }
        return this;
    }

    /** @param references what the column points to, {@code authors (id)} say */
    public Strictness foreignKey(List<String> columns, String references) {
        return foreignKey(
                name("fkey", columns), "FOREIGN KEY (" + Identifier.list("", columns) + ") REFERENCES " + references);
    }

    /** @param definition as it stands in CREATE TABLE */
    public Strictness foreignKey(String name, String definition) {
        add(
                name,
                "-- Binds new writes at once; what is there already is checked by the next migration, without a strong lock.\n"
                        + "ALTER TABLE " + table.sql() + " ADD CONSTRAINT " + Identifier.quoted(name) + " "
                        + definition + " NOT VALID;");
        return validate(name);
    }

    public Strictness notNull(String column) {
        String present = Identifier.of(table.name(), column, "present");
        String constraint = Identifier.quoted(present);
        String quoted = Identifier.quoted(column);
        String alter = "ALTER TABLE " + table.sql() + " ";
        add(
                present,
                "-- NOT NULL by way of a CHECK: SET NOT NULL alone would read the whole table under a lock that stops every"
                        + " read.\n" + alter + "ADD CONSTRAINT " + constraint + " CHECK (" + quoted
                        + " IS NOT NULL) NOT VALID;");
        validate(present);
        add(
                Identifier.of(table.name(), column, "not_null"),
                "-- Instant: PostgreSQL believes the validated CHECK and reads nothing.\n" + alter + "ALTER COLUMN "
                        + quoted + " SET NOT NULL;");
        add(
                "drop_" + present,
                "-- The CHECK has done its work; NOT NULL says the same for less.\n" + alter + "DROP CONSTRAINT "
                        + constraint + ";");
        return this;
    }

    private Strictness validate(String constraint) {
        add(
                "validate_" + constraint,
                "-- Reads the whole table while reads and writes go on.\nALTER TABLE " + table.sql()
                        + " VALIDATE CONSTRAINT " + Identifier.quoted(constraint) + ";");
        return this;
    }

    private Strictness index(List<String> columns, boolean unique, String name) {
        add(
                "index_" + name,
                "-- After the backfill, which it would slow down to half its speed.\n"
                        + "-- One statement: what runs outside a transaction and fails is run again from its start.\n"
                        + "CREATE " + (unique ? "UNIQUE " : "") + "INDEX CONCURRENTLY IF NOT EXISTS "
                        + Identifier.quoted(name) + " ON " + table.sql() + " (" + Identifier.list("", columns) + ");");
        return this;
    }

    private void add(String what, String sql) {
        scripts.add(new Script(Phase.FINISH, what, sql + "\n"));
    }

    private String name(String suffix, List<String> columns) {
        List<String> words = new ArrayList<>(List.of(table.name()));
        words.addAll(columns);
        if (!suffix.isEmpty()) {
            words.add(suffix);
        }
        return Identifier.of(words.toArray(String[]::new));
    }
}
