package io.pitstop.archive;

import io.pitstop.archive.Definition.Address;
import io.pitstop.archive.Definition.Manner;
import io.pitstop.archive.Definition.Phase;
import io.pitstop.error.MoveRefused;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads from the catalog how objects that are about to go can be made again. */
final class Definitions {
    /** What goes unnoticed with something else, or says nothing about how that is made. */
    private static final Set<String> WITHOUT = Set.of("pg_default_acl", "pg_publication_namespace", "pg_init_privs");

    private static final String IDENTITY =
            "SELECT c, o, s, i.type || ' ' || i.identity AS identity, a.type, a.object_names, a.object_args"
                    + " FROM (SELECT ?::oid AS c, ?::oid AS o, ?::int AS s) AS id, pg_identify_object(c, o, s) AS i,"
                    + " pg_identify_object_as_address(c, o, s) AS a";

    /** What cannot be taken apart from other tables, or is not made by a statement of its own. */
    private static final String REASON =
            """
            SELECT CASE WHEN relkind = 'f' THEN 'is a foreign table'
                        WHEN relkind = 'p' AND ?::int = 0 THEN 'is partitioned'
                        WHEN relispartition AND ?::int = 0 THEN 'is a partition'
                        WHEN relkind = 'r' AND NOT relispartition AND EXISTS (SELECT FROM pg_inherits WHERE c.oid IN (inhparent, inhrelid))
                             THEN 'inherits or is inherited from'
                        WHEN reloftype <> 0 THEN 'is made of a type' ELSE '' END
              FROM pg_class c WHERE oid = ?::oid
            """;

    private final Connection session;
    private final Set<ObjectId> gone;

    /**
     * @param session with an empty search path
     * @param gone all that goes with the script
     */
    Definitions(Connection session, Set<ObjectId> gone) {
        this.session = session;
        this.gone = Set.copyOf(gone);
    }

    /**
     * The definitions of an object, in the order in which they are made; none for what is made with something else.
     *
     * @param leaving numbers of the table's columns that an earlier script takes
     * @throws MoveRefused if it is nothing that could be made again
     */
    List<Definition> of(ObjectId id, List<String> leaving, String script) throws SQLException {
        String catalog = Query.text(session, "SELECT ?::oid::regclass::text", id.catalog());
        if (isWithTable(id) || WITHOUT.contains(catalog)) {
            return List.of();
        }
        Optional<Named> name = Query.first(session, IDENTITY, Named::from, id.catalog(), id.object(), id.part());
        if (name.isEmpty()) {
            return List.of();
        }
        refuseExtension(id, name.get(), script);
        long oid = id.object();
        return switch (catalog) {
            case "pg_class" -> ofRelation(id, leaving, name.get(), script);
            case "pg_constraint" -> read(
                    Objects.CONSTRAINT, name.get(), isFresh("pg_constraint", "conrelid", oid), oid);
            case "pg_trigger" -> read(Objects.TRIGGER, name.get(), oid);
            case "pg_proc" -> atLeastOne(read(Objects.FUNCTION, name.get(), oid), name.get(), script);
            case "pg_type" -> ofType(oid, name.get(), script);
            case "pg_attrdef" -> read(Objects.DEFAULT, name.get(), oid);
            case "pg_rewrite" -> read(Objects.RULE, name.get(), oid);
            case "pg_policy" -> read(Objects.POLICY, name.get(), oid);
            case "pg_statistic_ext" -> read(Objects.STATISTICS, name.get(), oid);
            case "pg_namespace" -> read(Objects.SCHEMA, name.get(), oid);
            case "pg_publication_rel" -> read(Objects.PUBLISHED, name.get(), oid);
            default -> throw refused(name.get(), "", script);
        };
    }

    private List<Definition> ofRelation(ObjectId id, List<String> leaving, Named name, String script)
            throws SQLException {
        String kind = Query.text(session, "SELECT relkind FROM pg_class WHERE oid = ?::oid", id.object());
        long oid = id.object();
        switch (kind) {
            case "r", "p", "f" -> {
                String reason = Query.text(session, REASON, id.part(), id.part(), oid);
                if (!reason.isEmpty()) {
                    throw refused(name, reason, script);
                }
                return id.part() == 0
                        ? read(Relations.TABLE, name, leaving, oid, leaving, oid)
                        : read(Relations.COLUMN, name, oid, id.part());
            }
            case "S" -> {
                return read(Relations.SEQUENCE, name, oid);
            }
            case "v", "m" -> {
                return id.part() == 0 ? read(Relations.view(), name, oid) : List.of();
            }
            case "i", "I" -> {
                return read(Relations.INDEX, name, isFresh("pg_index", "indrelid", oid), oid);
            }
            default -> {
                return List.of();
            }
        }
    }

    private List<Definition> ofType(long oid, Named name, String script) throws SQLException {
        String own = "SELECT typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)"
                + " OR typtype IN ('r', 'p') FROM pg_type t WHERE oid = ?::oid";
        if (Query.text(session, own, oid).equals("t")) {
            throw refused(name, "", script);
        }
        return read(Objects.TYPE, name, oid);
    }

    /** True if the table that an object belongs to goes as a whole. */
    private boolean isFresh(String catalog, String column, long oid) throws SQLException {
        String key = catalog.equals("pg_index") ? "indexrelid" : "oid";
        String sql = "SELECT c.oid, 'pg_class'::regclass::oid FROM " + catalog + " x JOIN pg_class c ON c.oid = x."
                + column + " WHERE x." + key + " = ?::oid";
        return Query.first(session, sql, row -> new ObjectId(row.getLong(2), row.getLong(1), 0), oid)
                .filter(gone::contains)
                .isPresent();
    }

    /** A column, or the default of one, of a table that goes as a whole. */
    private boolean isWithTable(ObjectId id) throws SQLException {
        String table = "SELECT 'pg_class'::regclass::oid, adrelid FROM pg_attrdef d JOIN pg_class c ON c.oid = adrelid"
                + " WHERE d.oid = ?::oid AND ?::oid = 'pg_attrdef'::regclass AND c.relkind IN ('r', 'p')";
        return id.part() > 0 && gone.contains(id.whole())
                || Query.first(
                                session,
                                table,
                                row -> new ObjectId(row.getLong(1), row.getLong(2), 0),
                                id.object(),
                                id.catalog())
                        .filter(gone::contains)
                        .isPresent();
    }

    private void refuseExtension(ObjectId id, Named name, String script) throws SQLException {
        String sql = "SELECT count(*) FROM pg_depend WHERE classid = ?::oid AND objid = ?::oid AND deptype = 'e'";
        if (Query.number(session, sql, id.catalog(), id.object()) > 0) {
            throw refused(name, "belongs to an extension", script);
        }
    }

    private List<Definition> atLeastOne(List<Definition> found, Named name, String script) {
        if (found.isEmpty()) {
            throw refused(name, "", script);
        }
        return found;
    }

    private static MoveRefused refused(Named name, String reason, String script) {
        return new MoveRefused(
                script + " drops " + name.identity + ", which " + (reason.isEmpty() ? "" : reason + " and ")
                        + "cannot be archived.",
                "Save it yourself and begin the script with \"-- pitstop:unarchived because …\", which goes into the event"
                        + " log, or leave it out.");
    }

    private List<Definition> read(String sql, Named name, Object... values) throws SQLException {
        List<Definition> definitions = new ArrayList<>();
        for (Found found : Query.list(session, sql, Found::from, values)) {
            // Beside the first, what follows is about the same object, which is there by then.
            Address address = definitions.isEmpty() ? name.address : new Address("", List.of(), List.of());
            definitions.add(new Definition(
                    found.phase,
                    found.manner,
                    name.identity,
                    address,
                    found.target,
                    found.sql,
                    found.extra,
                    dress(found, name)));
        }
        return definitions;
    }

    private List<String> dress(Found found, Named name) throws SQLException {
        List<String> dress = new ArrayList<>();
        if (found.owner != 0) {
            dress.add(Query.text(
                    session,
                    "SELECT format('ALTER %s OWNER TO %I', ?::text, pg_get_userbyid(?::oid))",
                    found.subject,
                    found.owner));
        }
        if (!found.granted.isEmpty() && found.acl != null) {
            dress.add("REVOKE ALL ON " + found.granted + " FROM PUBLIC");
            String grants = "SELECT format('GRANT %s ON %s TO %s%s', privilege_type, ?::text, CASE grantee WHEN 0 THEN"
                    + " 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN"
                    + " ' WITH GRANT OPTION' ELSE '' END) FROM aclexplode(?::aclitem[])";
            dress.addAll(Query.list(session, grants, row -> row.getString(1), found.granted, found.acl));
        }
        if (!found.subject.isEmpty()) {
            String comment = "SELECT format('COMMENT ON %s IS %L', ?::text, description) FROM pg_description"
                    + " WHERE classoid = ?::oid AND objoid = ?::oid AND objsubid = 0";
            ObjectId id = name.id;
            dress.addAll(
                    Query.list(session, comment, row -> row.getString(1), found.subject, id.catalog(), id.object()));
        }
        dress.addAll(found.more);
        return dress;
    }

    /** What an object is called. */
    private record Named(ObjectId id, String identity, Address address) {
        static Named from(ResultSet row) throws SQLException {
            return new Named(
                    new ObjectId(row.getLong("c"), row.getLong("o"), row.getInt("s")),
                    row.getString("identity"),
                    new Address(
                            row.getString("type"), Query.texts(row, "object_names"), Query.texts(row, "object_args")));
        }
    }

    /** A row of the queries. */
    private record Found(
            Phase phase,
            Manner manner,
            String target,
            String sql,
            String extra,
            String subject,
            long owner,
            String acl,
            String granted,
            List<String> more) {
        static Found from(ResultSet row) throws SQLException {
            return new Found(
                    Phase.valueOf(row.getString("phase")),
                    Manner.valueOf(row.getString("manner")),
                    row.getString("target"),
                    row.getString("sql"),
                    row.getString("extra"),
                    row.getString("subject"),
                    row.getLong("owner"),
                    row.getString("acl"),
                    row.getString("granted"),
                    Query.texts(row, "more"));
        }
    }
}
