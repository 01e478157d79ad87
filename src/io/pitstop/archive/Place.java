package io.pitstop.archive;

import static io.pitstop.archive.Query.quoted;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where rows of one table are kept until contract drops them and after, and the triggers that see to it that what is
 * kept does not grow old meanwhile: they note the key of every row that changes, nothing more, so that the application
 * neither waits for us nor gets in conflict with us.
 *
 * @param id of the archive in the register
 * @param source what is kept
 */
record Place(long id, Source source) {
    static final String SCHEMA = "pitstop_archive";

    /** First of all after-triggers by name; see {@link #triggers}. */
    private static final String TRIGGER = "!pitstop_archive_";

    private static final int SHOWN_OF_NAME = 40;

    /** Holds the rows. */
    String rows() {
        String table = source.table().replaceAll(".*\\.", "").replaceAll("[^A-Za-z0-9_]", "");
        return SCHEMA + "." + quoted("a" + id + "_" + table.substring(0, Math.min(table.length(), SHOWN_OF_NAME)));
    }

    /** Holds the keys of rows that have changed; a key of nulls stands for all rows. */
    String changes() {
        return SCHEMA + "." + quoted("a" + id + "_changes");
    }

    private String function() {
        return SCHEMA + "." + quoted("a" + id + "_note");
    }

    /** Statements that touch nothing but the archive's schema. */
    List<String> creation(String about) {
        List<Column> keys = source.keys();
        return List.of(
                "CREATE TABLE " + rows() + " (" + Source.each(source.all(), Column::definition, ", ")
                        + ", PRIMARY KEY (" + Source.each(keys, Column::keptName, ", ") + "))",
                "COMMENT ON TABLE " + rows() + " IS " + Query.literal(about),
                "CREATE TABLE " + changes() + " (pitstop_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
                        + Source.each(keys, Column::definition, ", ") + ")",
                "CREATE FUNCTION " + function() + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                        + " SET search_path = pg_catalog, pg_temp AS " + Query.literal(body()));
    }

    /**
     * Statements that need the table for themselves for a moment: who writes waits, who reads does not.
     *
     * <p>Always enabled, since a session may have switched off what is not.
     */
    List<String> triggers() {
        List<String> statements = new ArrayList<>();
        String call = " EXECUTE FUNCTION " + function() + "()";
        String on = " ON " + source.table() + " FOR EACH ";
        if (source.isKeyed()) {
            String changed = source.whole()
                    ? ""
                    : "WHEN (" + Source.each(source.all(), column -> column.differs("OLD", "NEW"), " OR ") + ")";
            statements.add("CREATE TRIGGER " + name("") + " AFTER INSERT OR DELETE" + on + "ROW" + call);
            statements.add("CREATE TRIGGER " + name("_update") + " AFTER UPDATE" + on + "ROW " + changed + call);
            statements.add("CREATE TRIGGER " + name("_truncate") + " AFTER TRUNCATE" + on + "STATEMENT" + call);
        } else {
            statements.add("CREATE TRIGGER " + name("") + " AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE" + on
                    + "STATEMENT" + call);
        }
        triggerNames()
                .forEach(name ->
                        statements.add("ALTER TABLE " + source.table() + " ENABLE ALWAYS TRIGGER " + quoted(name)));
        return statements;
    }

    /** Statements that take the triggers away. */
    List<String> withoutTriggers() {
        return triggerNames().stream()
                .map(name -> "DROP TRIGGER IF EXISTS " + quoted(name) + " ON " + source.table())
                .toList();
    }

    /** Statements that take away what is only of use while the table changes. */
    List<String> withoutChanges() {
        return List.of("DROP FUNCTION IF EXISTS " + function() + "()", "DROP TABLE IF EXISTS " + changes());
    }

    String withoutRows() {
        return "DROP TABLE IF EXISTS " + rows();
    }

    List<String> triggerNames() {
        Stream<String> endings = source.isKeyed() ? Stream.of("", "_update", "_truncate") : Stream.of("");
        return endings.map(ending -> TRIGGER + id + ending).toList();
    }

    static boolean isOurs(String trigger) {
        return trigger.startsWith(TRIGGER);
    }

    private String name(String ending) {
        return quoted(TRIGGER + id + ending);
    }

    private String body() {
        if (!source.isKeyed()) {
            return "BEGIN INSERT INTO " + changes() + " DEFAULT VALUES; RETURN NULL; END";
        }
        return """
                BEGIN
                    IF TG_OP = 'TRUNCATE' THEN
                        INSERT INTO %1$s DEFAULT VALUES;
                        RETURN NULL;
                    END IF;
                    IF TG_OP <> 'INSERT' THEN
                        INSERT INTO %1$s (%2$s) VALUES (%3$s);
                    END IF;
                    IF TG_OP = 'INSERT' THEN
                        INSERT INTO %1$s (%2$s) VALUES (%4$s);
                    ELSIF TG_OP = 'UPDATE' AND (%5$s) THEN
                        INSERT INTO %1$s (%2$s) VALUES (%4$s);
                    END IF;
                    RETURN NULL;
                END"""
                .formatted(
                        changes(),
                        Source.each(source.keys(), Column::keptName, ", "),
                        values("OLD"),
                        values("NEW"),
                        Source.each(source.keys(), key -> key.differs("OLD", "NEW"), " OR "));
    }

    private String values(String row) {
        return source.keys().stream().map(key -> key.toKept(row)).collect(joining(", "));
    }
}
