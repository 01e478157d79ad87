package io.pitstop.archive;

import io.pitstop.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tells what scripts are going to drop, and what goes with it, by the names that statements use. Changes nothing. */
public final class Departures {
    private static final String NAMES =
            """
            SELECT n.nspname, c.relname, coalesce(a.attname, ''), false
              FROM unnest(?::text[]::oid[], ?::text[]::oid[], ?::text[]::int[]) AS o (classid, objid, part)
              JOIN pg_class c ON o.classid = 'pg_class'::regclass AND c.oid = o.objid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.part AND o.part > 0
            UNION
            SELECT n.nspname, p.proname, '', true
              FROM unnest(?::text[]::oid[], ?::text[]::oid[], ?::text[]::int[]) AS o (classid, objid, part)
              JOIN pg_proc p ON o.classid = 'pg_proc'::regclass AND p.oid = o.objid
              JOIN pg_namespace n ON n.oid = p.pronamespace
            """;

    private final Database database;
    private final Dropped dropped;

    /** @param dropped reads the scripts */
    public Departures(Database database, Dropped dropped) {
        this.database = database;
        this.dropped = dropped;
    }

    /** Those of {@code drops} that are not there. */
    public List<Drop> absent(List<Drop> drops) {
        try (Connection session = database.connect("departures")) {
            Database.limit(session, Duration.ofSeconds(2));
            Reach reach = new Reach(session);
            List<Drop> absent = new ArrayList<>();
            for (Drop drop : drops) {
                if (reach.of(List.of(drop.ifThere()), Path.of("")).isEmpty()) {
                    absent.add(drop);
                }
            }
            return absent;
        } catch (SQLException e) {
            throw Database.failure(e);
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
            return Query.list(
                    session,
                    NAMES,
                    row -> new Leaving(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)),
                    catalogs,
                    ids,
                    parts,
                    catalogs,
                    ids,
                    parts);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }
}
