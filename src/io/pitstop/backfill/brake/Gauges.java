package io.pitstop.backfill.brake;

import static io.pitstop.backfill.brake.Gauge.NEVER;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The signals that PostgreSQL itself has. */
final class Gauges {
    /** Sessions that wait for a row or a lock of ours; a batch ends before anybody has waited for long. */
    private static final String LOCK_WAITS =
            """
            SELECT coalesce(max(coalesce(extract(epoch FROM clock_timestamp() - a.query_start), 1)), 0),
                   format('%%s sessions wait for our locks, for up to %%s ms', count(*),
                          round(max(coalesce(extract(epoch FROM clock_timestamp() - a.query_start), 1)) * 1000))
            FROM pg_stat_activity a WHERE (a.wait_event_type = 'Lock'
            OR a.state IS NULL AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted))
            AND a.application_name NOT LIKE 'pitstop:%%'
            AND pg_blocking_pids(a.pid) && ARRAY(SELECT b.pid FROM pg_stat_activity b WHERE b.application_name LIKE '%s%%')
            """;

    /** Counted in limits: a second, or 64 MB. */
    private static final String REPLICA_LAG =
            """
            SELECT CASE WHEN state IS NOT NULL THEN greatest(extract(epoch FROM coalesce(replay_lag, '0 s'::interval)),
                       pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(replay_lsn, flush_lsn, write_lsn, sent_lsn)) / 67108864) END AS lag,
                   CASE WHEN state IS NULL THEN 'replicas exist but cannot be read: grant pg_monitor'
                       ELSE format('replica %s is %s s and %s behind', application_name,
                       round(extract(epoch FROM coalesce(replay_lag, '0 s'::interval))::numeric, 1), pg_size_pretty(pg_wal_lsn_diff(
                       pg_current_wal_lsn(), coalesce(replay_lsn, flush_lsn, write_lsn, sent_lsn)))) END
            FROM pg_stat_replication WHERE state IS NULL OR state IN ('streaming', 'catchup')
            ORDER BY lag DESC NULLS FIRST LIMIT 1
            """;

    /** As a part of what may be kept: 1 GB, or half of what the server keeps before it gives the slot up. */
    private static final String SLOT_LAG =
            """
            SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) / greatest(1, least(1073741824,
                       CASE current_setting('max_slot_wal_keep_size') WHEN '-1' THEN 1073741824
                       ELSE pg_size_bytes(current_setting('max_slot_wal_keep_size')) / 2 END)) AS kept,
                   format('replication slot %s keeps %s of WAL', slot_name,
                       pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)))
            FROM pg_replication_slots WHERE restart_lsn IS NOT NULL ORDER BY 1 DESC LIMIT 1
            """;

    private static final String ARCHIVE =
            """
            SELECT count(*), format('%s WAL files wait for archiving', count(*))
            FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'
            """;

    private static final String SNAPSHOT =
            """
            SELECT extract(epoch FROM clock_timestamp() - min(xact_start)),
                   format('a transaction is %s s old and keeps dead rows (process %s)',
                       round(extract(epoch FROM clock_timestamp() - min(xact_start))), (array_agg(pid ORDER BY xact_start))[1])
            FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND backend_type = 'client backend'
            AND datname = current_database() AND application_name NOT LIKE 'pitstop:%' HAVING count(*) > 0
            """;

    private static final String VACUUM =
            """
            SELECT 1, format('vacuum works on %%s', relid::regclass) FROM pg_stat_progress_vacuum p
            WHERE relid = '%s'::regclass AND NOT EXISTS (SELECT FROM pg_stat_activity a
            WHERE a.pid = p.pid AND a.application_name LIKE 'pitstop:%%')
            """;

    private static final String CONNECTIONS =
            """
            SELECT -free, format('only %s connections are left', free) FROM (SELECT
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - count(*) AS free
            FROM pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL AND usesysid IS NOT NULL) AS c
            """;

    private Gauges() {}

    /**
     * All that this server has.
     *
     * @param table as its name is written in SQL
     * @param sessions what the names of our own sessions begin with
     * @param oldSnapshotSeconds how old a transaction may be
     */
    static List<Signal> of(Connection session, String table, String sessions, double oldSnapshotSeconds)
            throws SQLException {
        List<Signal> gauges = new ArrayList<>(List.of(
                new Gauge("lock-waits", false, LOCK_WAITS.formatted(quoted(sessions)), NEVER, 0.05, NEVER),
                new Gauge("replica-lag", false, REPLICA_LAG, NEVER, 1, 10),
                new Gauge("slot-lag", false, SLOT_LAG, NEVER, 0.25, 1),
                new Gauge("snapshot", false, SNAPSHOT, oldSnapshotSeconds, NEVER, NEVER),
                new Gauge("vacuum", true, VACUUM.formatted(quoted(table)), 1, NEVER, NEVER),
                new Gauge("connections", false, CONNECTIONS, NEVER, -2, NEVER)));
        if (!"off".equals(text(session, "SHOW archive_mode"))) {
            gauges.add(new Gauge("archive", false, ARCHIVE, NEVER, 16, 64));
        }
        return gauges;
    }

    static String text(Connection session, String sql) throws SQLException {
        try (Statement query = session.createStatement();
                ResultSet row = query.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static String quoted(String text) {
        return text.replace("'", "''");
    }
}
