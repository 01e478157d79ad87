package io.pitstop.archive;

import io.pitstop.database.Arguments;
import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tells what scripts are going to drop, and what goes with it, by the names that statements use. Changes nothing. */
public final class Departures {
    /** A sequence that goes with the column that owns it is drawn from by way of that column. */
    private static final String NAMES =
            """
            WITH o (classid, objid, part) AS (
                SELECT * FROM unnest(?::text[]::oid[], ?::text[]::oid[], ?::text[]::int[]))
            SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'RELATION' END, c.oid, n.nspname, c.relname,
                   coalesce(a.attname, ''), 0, 0
              FROM o JOIN pg_class c ON o.classid = 'pg_class'::regclass AND c.oid = o.objid
                                    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.part AND o.part > 0
             WHERE c.relkind <> 'S' OR NOT EXISTS (
                   SELECT FROM pg_depend d JOIN o owner ON owner.classid = d.refclassid AND owner.objid = d.refobjid
                                                       AND owner.part IN (0, d.refobjsubid)
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i'))
            UNION
            SELECT 'FUNCTION', p.oid, n.nspname, p.proname, '', ARGUMENTS
              FROM o JOIN pg_proc p ON o.classid = 'pg_proc'::regclass AND p.oid = o.objid
              JOIN pg_namespace n ON n.oid = p.pronamespace
            UNION
            SELECT 'TYPE', t.oid, n.nspname, t.typname, '', 0, 0
              FROM o JOIN pg_type t ON o.classid = 'pg_type'::regclass AND t.oid = o.objid
              JOIN pg_namespace n ON n.oid = t.typnamespace
             WHERE NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
               AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
            UNION
            SELECT 'TRIGGER', g.oid, n.nspname, g.tgname, c.relname, 0, 0
              FROM o JOIN pg_trigger g ON o.classid = 'pg_trigger'::regclass AND g.oid = o.objid
              JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            """
                    .replace("ARGUMENTS", Arguments.COLUMNS);

    private final Database database;
    private final Dropped dropped;

    /** @param dropped reads the scripts */
    public Departures(Database database, Dropped dropped) {
        this.database = database;
        this.dropped = dropped;
    }

    /** Those of {@code drops} that are not there; of a kind that nobody can look for none is. */
    public List<Drop> absent(List<Drop> drops) {
        try (Connection session = database.connect("departures")) {
            Database.limit(session, Duration.ofSeconds(2));
            Reach reach = new Reach(session);
            List<Drop> absent = new ArrayList<>();
            for (Drop drop : drops) {
                if (isAbsent(drop, reach)) {
                    absent.add(drop);
                }
            }
            return absent;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static boolean isAbsent(Drop drop, Reach reach) throws SQLException {
        try {
            return reach.of(List.of(drop.ifThere()), Path.of("")).isEmpty();
        } catch (MoveRefused nobodyCanSee) {
            return false;
        }
    }

    /**
     * @throws io.pitstop.error.InvalidConfig if something is not there that need be
     * @throws io.pitstop.error.MoveRefused if nobody can see what a script drops
     */
    public List<Leaving> of(List<Path> scripts) {
        try (Connection session = database.connect("departures")) {
            Reach reach = new Reach(session);
            Set<ObjectId> objects = new LinkedHashSet<>();
            for (Path script : scripts) {
                objects.addAll(reach.of(dropped.by(script), script));
            }
            List<String> catalogs =
                    objects.stream().map(id -> Long.toString(id.catalog())).toList();
            List<String> ids =
                    objects.stream().map(id -> Long.toString(id.object())).toList();
            List<String> parts =
                    objects.stream().map(id -> Integer.toString(id.part())).toList();
            return Query.list(session, NAMES, Departures::leaving, catalogs, ids, parts);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static Leaving leaving(ResultSet row) throws SQLException {
        return new Leaving(
                Leaving.Kind.valueOf(row.getString(1)),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                new Arguments(row.getInt(6), row.getInt(7)));
    }
}
