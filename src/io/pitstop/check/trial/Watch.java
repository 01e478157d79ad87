package io.pitstop.check.trial;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Watches one transaction from within: what each of its statements locks, reads as a whole and writes anew. */
final class Watch {
    private static final String NAME =
            "CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name";
    private static final String RELATIONS =
            "SELECT c.oid, " + NAME + ", c.relkind, c.relfilenode, coalesce(i.indrelid, 0),"
                    + " coalesce(i.indisvalid, true) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " LEFT JOIN pg_index i ON i.indexrelid = c.oid"
                    + " WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I')"
                    + " AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";
    private static final String LOCKED = RELATIONS + " AND c.oid IN (SELECT relation FROM pg_locks"
            + " WHERE pid = pg_backend_pid() AND locktype = 'relation' AND mode <> 'AccessShareLock')";
    private static final String LOCKS = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted"
            + " AND locktype = 'relation' AND relation >= 16384"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    private static final String SCANS = "SELECT relid, seq_scan FROM pg_stat_xact_user_tables WHERE seq_scan > 0";
    private static final String READS =
            "SELECT relid, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables";
    private static final String NAMES = "SELECT " + NAME + ", a.attname FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
            + " WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped"
            + " AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

    private final Connection connection;
    private final Map<Long, Relation> inUse;
    private final Set<String> names;
    private final Set<Long> nodes = new HashSet<>();
    private final Map<Long, Long> scans = new HashMap<>();
    private final Map<Long, Long> reads = new HashMap<>();
    private Map<Long, LockMode> locks = new HashMap<>();
    private final Set<String> missing = new TreeSet<>();

    private Watch(Connection connection, InUse before) throws SQLException {
        this.connection = connection;
        this.inUse = before.relations();
        this.names = before.names();
        relations(connection, RELATIONS).values().forEach(relation -> nodes.add(relation.node()));
        // Those of transactions before this one may be among them.
        scans.putAll(numbers(SCANS));
        reads.putAll(numbers(READS));
    }

    /**
     * What the application may be using.
     *
     * @param names tables and views, and their columns as {@code table.column}
     */
    record InUse(Map<Long, Relation> relations, Set<String> names) {
        static InUse now(Connection connection) throws SQLException {
            Map<Long, Relation> named = new LinkedHashMap<>(Watch.relations(connection, RELATIONS));
            named.values().removeIf(relation -> !relation.isNamed());
            return new InUse(named, Watch.names(connection));
        }
    }

    /** Begins at the start of a transaction. */
    static Watch begin(Connection connection, InUse before) throws SQLException {
        return new Watch(connection, before);
    }

    /** What the statement did that has just been executed. */
    Observation look() throws SQLException {
        Map<Long, LockMode> locksNow = locks();
        Set<Long> scanned = grown(SCANS, scans).keySet();
        Map<Long, Long> reads = grown(READS, this.reads);
        Set<Long> written = new HashSet<>();
        Map<Long, Long> indexed = new HashMap<>();
        for (Relation each : relations(connection, LOCKED).values()) {
            // An index that is made anew from the file of another is not built.
            if (each.node() != 0 && nodes.add(each.node())) {
                if (each.isIndex()) {
                    indexed.merge(each.table(), 1L, Long::sum);
                } else {
                    written.add(each.oid());
                }
            }
        }
        // A table that is emptied gets another file too, but nobody reads more of it than its new indexes do.
        Set<Long> emptied = new HashSet<>(written);
        emptied.removeIf(table -> isFilled(table) || reads.getOrDefault(table, 0L) > indexed.getOrDefault(table, 0L));
        written.removeAll(emptied);
        indexed.keySet().removeAll(emptied);
        indexed.keySet().removeAll(written); // its indexes go with it
        scanned.removeAll(emptied);
        Observation seen = new Observation(
                inUse(written),
                inUse(indexed.keySet()),
                inUse(scanned),
                felt(locksNow, Map.of()),
                felt(locksNow, locks),
                removed(locksNow));
        locks = locksNow;
        return seen;
    }

    /** Tables in use that have an index which is not valid. */
    List<String> invalid() throws SQLException {
        return relations(connection, RELATIONS).values().stream()
                .filter(index -> index.kind() == 'i' && !index.valid() && inUse.containsKey(index.table()))
                .map(Relation::name)
                .sorted()
                .toList();
    }

    /** What was dropped and made again is there. */
    List<String> stillMissing(List<String> removed) throws SQLException {
        if (removed.isEmpty()) {
            return removed;
        }
        Set<String> there = names(connection);
        return removed.stream().filter(name -> !there.contains(name)).toList();
    }

    /** A materialized view is filled from other tables. */
    private boolean isFilled(long table) {
        return inUse.containsKey(table) && inUse.get(table).kind() == 'm';
    }

    private List<String> inUse(Set<Long> tables) {
        return tables.stream()
                .filter(inUse::containsKey)
                .map(table -> inUse.get(table).name())
                .sorted()
                .toList();
    }

    /** What has grown since the last look, and by how much. */
    private Map<Long, Long> grown(String sql, Map<Long, Long> before) throws SQLException {
        Map<Long, Long> grown = new HashMap<>();
        numbers(sql).forEach((table, now) -> {
            long more = now - before.getOrDefault(table, 0L);
            before.put(table, now);
            if (more > 0) {
                grown.put(table, more);
            }
        });
        return grown;
    }

    private Map<String, LockMode> felt(Map<Long, LockMode> now, Map<Long, LockMode> before) {
        Map<String, LockMode> felt = new TreeMap<>();
        now.forEach((oid, mode) -> {
            LockMode earlier = before.get(oid);
            Relation table = inUse.get(oid);
            // Nobody writes to a materialized view but who fills it.
            boolean isFelt =
                    mode.isFelt() && (mode == LockMode.ACCESS_EXCLUSIVE || table != null && table.kind() != 'm');
            if (table != null && isFelt && (earlier == null || !earlier.isFelt())) {
                felt.put(table.name(), mode);
            }
        });
        return felt;
    }

    /** Only who locks a table against everybody can remove something of it. */
    private List<String> removed(Map<Long, LockMode> now) throws SQLException {
        if (!now.containsValue(LockMode.ACCESS_EXCLUSIVE)) {
            return List.of();
        }
        Set<String> left = names(connection);
        return names.stream()
                .filter(name -> !left.contains(name) && missing.add(name))
                .sorted()
                .toList();
    }

    private Map<Long, LockMode> locks() throws SQLException {
        Map<Long, LockMode> strongest = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LOCKS)) {
            while (rows.next()) {
                strongest.merge(rows.getLong(1), LockMode.of(rows.getString(2)), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        return strongest;
    }

    private Map<Long, Long> numbers(String sql) throws SQLException {
        Map<Long, Long> numbers = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.put(rows.getLong(1), rows.getLong(2));
            }
        }
        return numbers;
    }

    private static Map<Long, Relation> relations(Connection connection, String sql) throws SQLException {
        Map<Long, Relation> relations = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                Relation relation = new Relation(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3).charAt(0),
                        rows.getLong(4),
                        rows.getLong(5),
                        rows.getBoolean(6));
                relations.put(relation.oid(), relation);
            }
        }
        return relations;
    }

    private static Set<String> names(Connection connection) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(NAMES)) {
            while (rows.next()) {
                names.add(rows.getString(1));
                names.add(rows.getString(1) + "." + rows.getString(2));
            }
        }
        return names;
    }
}
