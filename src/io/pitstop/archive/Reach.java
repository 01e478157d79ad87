package io.pitstop.archive;

import io.pitstop.database.Database;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds in the catalog what goes when certain objects are dropped, as the server does when it drops them. */
final class Reach {
    /** There is no such schema, table, column, function, or other object. */
    private static final Set<String> MISSING = Set.of("3F000", "42P01", "42703", "42883", "42704");

    /**
     * Automatic and internal dependents go in any case, ordinary ones with CASCADE only; of whatever is internal to
     * something, such as the rule of a view, that something goes. Columns of partitions go with their parent's.
     */
    private static final String GONE =
            """
            WITH RECURSIVE gone (classid, objid, objsubid) AS (
                SELECT ?::oid, ?::oid, ?::int
                UNION
                SELECT next.* FROM gone, LATERAL (
                    SELECT d.classid, d.objid, d.objsubid FROM pg_depend d
                     WHERE d.refclassid = gone.classid AND d.refobjid = gone.objid
                       AND (gone.objsubid = 0 OR d.refobjsubid = gone.objsubid)
                       AND (d.deptype IN ('a', 'i', 'P', 'S') OR d.deptype = 'n' AND ?)
                    UNION ALL
                    SELECT d.refclassid, d.refobjid, d.refobjsubid FROM pg_depend d
                     WHERE d.classid = gone.classid AND d.objid = gone.objid AND d.objsubid = gone.objsubid
                       AND d.deptype = 'i'
                    UNION ALL
                    SELECT gone.classid, i.inhrelid, child.attnum FROM pg_inherits i
                      JOIN pg_attribute own ON own.attrelid = i.inhparent AND own.attnum = gone.objsubid
                      JOIN pg_attribute child ON child.attrelid = i.inhrelid AND child.attname = own.attname
                     WHERE gone.classid = 'pg_class'::regclass AND i.inhparent = gone.objid AND gone.objsubid > 0
                    UNION ALL
                    SELECT gone.classid, i.inhrelid, 0 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                     WHERE gone.classid = 'pg_class'::regclass AND i.inhparent = gone.objid AND gone.objsubid = 0
                       AND c.relispartition) AS next)
            SELECT classid, objid, objsubid FROM gone
            """;

    private final Connection session;

    /** @param session with the search path that the scripts have */
    Reach(Connection session) {
        this.session = session;
    }

    /**
     * Returns all objects that go.
     *
     * @throws InvalidConfig if one is not there now and need be
     * @throws MoveRefused if one is of a kind that cannot be archived
     */
    Set<ObjectId> of(List<Drop> drops, Path script) throws SQLException {
        Set<ObjectId> gone = new LinkedHashSet<>();
        for (Drop drop : drops) {
            Optional<ObjectId> found = find(drop, script);
            if (found.isPresent()) {
                gone.addAll(from(found.get(), drop.cascade()));
            }
        }
        return gone;
    }

    /** True if the catalog has no object of that name. */
    static boolean isMissing(SQLException e) {
        return MISSING.contains(String.valueOf(e.getSQLState()));
    }

    private List<ObjectId> from(ObjectId first, boolean cascade) throws SQLException {
        return Query.list(
                session,
                GONE,
                row -> new ObjectId(row.getLong(1), row.getLong(2), row.getInt(3)),
                first.catalog(),
                first.object(),
                first.part(),
                cascade);
    }

    private Optional<ObjectId> find(Drop drop, Path script) throws SQLException {
        try {
            if (drop.anyArguments()) {
                return Query.first(
                        session,
                        "SELECT 'pg_proc'::regclass::oid, ?::regproc::oid, 0",
                        row -> new ObjectId(row.getLong(1), row.getLong(2), 0),
                        String.join(".", drop.name().stream().map(Query::quoted).toList()));
            }
            return Query.first(
                    session,
                    "SELECT classid, objid, objsubid FROM pg_get_object_address(?, ?, ?)",
                    row -> new ObjectId(row.getLong(1), row.getLong(2), row.getInt(3)),
                    drop.type(),
                    new ArrayList<>(drop.name()),
                    new ArrayList<>(drop.arguments()));
        } catch (SQLException e) {
            if ("22023".equals(e.getSQLState()) || "0A000".equals(e.getSQLState())) {
                throw new MoveRefused(
                        script + ":" + drop.line() + " drops " + drop + ", which cannot be archived.",
                        "Save it yourself and begin the script with \"-- pitstop:unarchived because …\", or leave it out.",
                        e);
            }
            if (!isMissing(e)) {
                throw e;
            }
            if (drop.ifExists()) {
                return Optional.empty();
            }
            throw new InvalidConfig(
                    script + ":" + drop.line() + " drops " + drop + ", which is not there now: " + Database.message(e)
                            + ".",
                    "Name what is there now: contract archives everything before its first script runs.",
                    e);
        }
    }
}
