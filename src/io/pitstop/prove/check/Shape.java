package io.pitstop.prove.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a schema looks like, line by line: two releases of the same version must come to the same, whatever befell them. */
public record Shape(List<String> lines) {
    private static final String HERE = " IN ('public', 'pitstop_archive')";

    private static final List<String> QUERIES = List.of(
            "SELECT 'column ' || table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' '"
                    + " || is_nullable || ' ' || coalesce(column_default, '') FROM information_schema.columns"
                    + " WHERE table_schema" + HERE + " AND table_name NOT LIKE 'pg_stat%' ORDER BY 1",
            "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname" + HERE + " ORDER BY 1",
            "SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid) || ' '"
                    + " || convalidated FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace"
                    + " WHERE nspname" + HERE + " ORDER BY 1",
            "SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || tgenabled::text FROM pg_trigger t"
                    + " JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace"
                    + " WHERE NOT tgisinternal AND nspname" + HERE + " ORDER BY 1",
            "SELECT 'function ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
                    + " WHERE nspname" + HERE + " AND proname NOT LIKE 'pg_stat%' ORDER BY 1",
            "SELECT 'migration ' || version || ' ' || success || ' ' || count(*) FROM flyway_schema_history"
                    + " WHERE version IS NOT NULL GROUP BY version, success ORDER BY 1",
            "SELECT 'finish ' || version || ' ' || success || ' ' || count(*) FROM pitstop_finish_history"
                    + " WHERE version IS NOT NULL GROUP BY version, success ORDER BY 1",
            "SELECT 'contract ' || version || ' ' || success || ' ' || count(*) FROM pitstop_contract_history"
                    + " WHERE version IS NOT NULL GROUP BY version, success ORDER BY 1",
            "SELECT 'archive ' || source || ' ' || state || ' ' || whole FROM pitstop.archives ORDER BY 1",
            "SELECT 'unfilled posts ' || count(*) FROM posts WHERE author_id IS NULL");

    /** Of the application's schema, of what was archived of it, and of what Flyway has noted. */
    public static Shape of(Connection session) throws SQLException {
        List<String> lines = new ArrayList<>();
        for (String query : QUERIES) {
            lines.addAll(Query.words(session, query));
        }
        return new Shape(List.copyOf(lines));
    }

    /** What differs from an undisturbed release. */
    public List<String> differences(Shape undisturbed) {
        List<String> wrong = new ArrayList<>();
        lines.stream()
                .filter(line -> !undisturbed.lines.contains(line))
                .forEach(line -> wrong.add("schema: there is " + line));
        undisturbed.lines.stream()
                .filter(line -> !lines.contains(line))
                .forEach(line -> wrong.add("schema: there is no " + line));
        return wrong;
    }
}
