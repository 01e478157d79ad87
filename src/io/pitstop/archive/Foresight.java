package io.pitstop.archive;

import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what scripts will take, before the first of them runs. Changes nothing. */
final class Foresight {
    private static final Pattern UNKEPT = Pattern.compile("(?m)^\\s*--\\s*pitstop:unarchived\\s+because\\s+(\\S.*)$");

    /** A column that the table itself has, and whether its values are its own. */
    private static final String COLUMN =
            "SELECT attrelid::regclass::text, attname::text, attgenerated = '' AND attinhcount = 0 FROM pg_attribute"
                    + " WHERE attrelid = ?::oid AND attnum = ?::int";

    private final Connection session;
    private final Dropped dropped;

    /** Names of columns that go, by table, in the order of the scripts. */
    private final Map<String, List<String>> leaving = new LinkedHashMap<>();

    /** @param session with an empty search path */
    Foresight(Connection session, Dropped dropped) {
        this.session = session;
        this.dropped = dropped;
    }

    /**
     * @param reach looks names up as the scripts do
     * @param scripts in their order
     * @throws MoveRefused if something of it could not be kept
     */
    List<Going> of(Reach reach, List<Path> scripts) throws SQLException {
        Map<Path, Set<ObjectId>> objects = new LinkedHashMap<>();
        Set<ObjectId> taken = new LinkedHashSet<>();
        Map<Path, String> texts = new LinkedHashMap<>();
        for (Path script : scripts) {
            texts.put(script, Going.read(script));
            Set<ObjectId> mine =
                    unkept(texts.get(script)).isPresent() ? Set.of() : reach.of(dropped.by(script), script);
            Set<ObjectId> first = new LinkedHashSet<>(mine);
            first.removeIf(id -> taken.contains(id) || taken.contains(id.whole()));
            taken.addAll(mine);
            objects.put(script, first);
            noteColumns(first);
        }
        List<Going> going = new ArrayList<>();
        Map<String, List<String>> before = new LinkedHashMap<>();
        for (Path script : scripts) {
            Set<ObjectId> mine = objects.get(script);
            going.add(new Going(
                    script,
                    texts.get(script),
                    mine,
                    sources(mine, before, script),
                    definitions(mine, before, script),
                    unkept(texts.get(script))));
            columns(mine).forEach((table, names) -> before.computeIfAbsent(table, none -> new ArrayList<>())
                    .addAll(names));
        }
        return going;
    }

    private void noteColumns(Set<ObjectId> objects) throws SQLException {
        columns(objects).forEach((table, names) -> leaving.computeIfAbsent(table, none -> new ArrayList<>())
                .addAll(names));
    }

    /** Columns that go while their table stays, by table. */
    private Map<String, List<String>> columns(Set<ObjectId> objects) throws SQLException {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (ObjectId id : objects) {
            if (id.part() > 0 && !objects.contains(id.whole()) && isRelation(id, "'r', 'p'")) {
                Query.list(
                        session,
                        COLUMN,
                        row -> {
                            if (row.getBoolean(3)) {
                                columns.computeIfAbsent(row.getString(1), none -> new ArrayList<>())
                                        .add(row.getString(2));
                            }
                            return true;
                        },
                        id.object(),
                        id.part());
            }
        }
        return columns;
    }

    private List<Source> sources(Set<ObjectId> objects, Map<String, List<String>> before, Path script)
            throws SQLException {
        List<Source> sources = new ArrayList<>();
        for (Map.Entry<String, List<String>> table : columns(objects).entrySet()) {
            String name = table.getKey();
            List<String> keys = Source.keys(session, name, leaving.get(name))
                    .orElseThrow(
                            () -> new MoveRefused(
                                    script.getFileName() + " drops columns of " + name
                                            + ", which has neither a primary key nor other unique columns without nulls that stay:"
                                            + " nobody could tell which of the archived values belongs to which row.",
                                    "Give the table a primary key, or begin the script with \"-- pitstop:unarchived because …\"."));
            sources.add(readable(Source.read(session, name, false, keys, table.getValue())));
        }
        for (ObjectId id : objects) {
            if (id.part() == 0 && isRelation(id, "'r'")) {
                String name = Query.text(session, "SELECT ?::oid::regclass::text", id.object());
                sources.add(readable(whole(name, before.getOrDefault(name, List.of()))));
            }
        }
        return sources;
    }

    private Source whole(String table, List<String> gone) throws SQLException {
        List<String> keys = Source.keys(session, table, gone).orElse(List.of());
        List<String> columns = new ArrayList<>(Source.columns(session, table));
        columns.removeAll(gone);
        columns.removeAll(keys);
        return Source.read(session, table, true, keys, columns);
    }

    /** A table that hides rows from us by its policies would be archived without them. */
    private Source readable(Source source) throws SQLException {
        try {
            Query.list(session, "SELECT FROM " + source.table() + " LIMIT 0", row -> row);
            return source;
        } catch (SQLException e) {
            if (!"42501".equals(e.getSQLState())) {
                throw e;
            }
            throw new MoveRefused(
                    source.table() + " does not show us all its rows: " + Database.message(e) + ".",
                    "Let PITSTOP_DB_USER own the table, or bypass its row level security.",
                    e);
        }
    }

    private List<Definition> definitions(Set<ObjectId> objects, Map<String, List<String>> before, Path script)
            throws SQLException {
        Definitions definitions = new Definitions(session, objects);
        List<Definition> all = new ArrayList<>();
        for (ObjectId id : objects) {
            all.addAll(definitions.of(
                    id,
                    id.part() == 0 ? numbers(id, before) : List.of(),
                    script.getFileName().toString()));
        }
        return all;
    }

    private List<String> numbers(ObjectId table, Map<String, List<String>> before) throws SQLException {
        String name = Query.text(session, "SELECT ?::oid::regclass::text", table.object());
        return Query.list(
                session,
                "SELECT attnum FROM pg_attribute WHERE attrelid = ?::oid AND attname = ANY (?)",
                row -> row.getString(1),
                table.object(),
                before.getOrDefault(name, List.of()));
    }

    private boolean isRelation(ObjectId id, String kinds) throws SQLException {
        String sql =
                "SELECT count(*) FROM pg_class WHERE oid = ?::oid AND ?::oid = 'pg_class'::regclass AND relkind IN ("
                        + kinds + ")";
        return Query.number(session, sql, id.object(), id.catalog()) == 1;
    }

    /** The reason that a script gives for not being archived. */
    private static Optional<String> unkept(String text) {
        Matcher line = UNKEPT.matcher(text);
        return line.find() ? Optional.of(line.group(1).strip()) : Optional.empty();
    }
}
