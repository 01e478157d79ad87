package io.pitstop.metrics;

import java.util.List;

/**
 * Everything of a running command that is worth a graph or an alert. docs/metrics.md is written from this list.
 *
 * <p>Names are those of Micrometer: {@code pitstop.step.started} is {@code pitstop_step_started_seconds} in Prometheus.
 */
public enum Meter {
    STEP_RUNNING("pitstop.step.running", Kind.GAUGE, "", "1 while the step runs, 0 when it has ended"),
    STEP_STARTED("pitstop.step.started", Kind.GAUGE, "seconds", "When the step began, since 1970"),
    STEP("pitstop.step", Kind.TIMER, "seconds", "Time that steps took, by exit code", "exit"),

    RELEASE_OPENED(
            "pitstop.release.opened",
            Kind.STATE,
            "seconds",
            "When the release under way began, since 1970; 0 if none is"),
    RELEASE_FACT("pitstop.release.fact", Kind.STATE, "", "1 if it holds for the last release, else 0", "fact"),
    RELEASE_PHASE(
            "pitstop.release.phase",
            Kind.STATE,
            "",
            "Phase of the schema: 0 as before, 1 expanded, 2 backfilled, 3 contract begun, 4 contracted"),
    TRAFFIC_PERCENT("pitstop.traffic.percent", Kind.STATE, "", "Share of new requests that a colour gets", "colour"),
    ARCHIVE_DUE(
            "pitstop.archive.due",
            Kind.STATE,
            "seconds",
            "When the oldest archive may be purged, since 1970; 0 if none"),
    INDEXES_INVALID("pitstop.indexes.invalid", Kind.STATE, "", "Invalid indexes in the database"),

    ROUTER_CALL("pitstop.router.call", Kind.TIMER, "seconds", "Calls to the router", "call", "outcome"),
    ENVIRONMENT_CALL("pitstop.environment.call", Kind.TIMER, "seconds", "Calls to Terraform", "call", "outcome"),

    RETRIES(
            "pitstop.retries",
            Kind.COUNTER,
            "",
            "What was tried again: locks of scripts (lock), calls to AWS (aws), reads of the built-in proxy (proxy)",
            "of"),

    GATE_HEALTHY("pitstop.gate.healthy", Kind.GAUGE, "", "1 healthy, 0 unhealthy, 0.5 cannot tell yet", "gate"),
    GATE_VALUE("pitstop.gate.value", Kind.GAUGE, "", "What the gate measured, in the unit of its threshold", "gate"),
    GATE_SAMPLES("pitstop.gate.samples", Kind.GAUGE, "", "Observations that this rests on", "gate"),

    LOCK_TRIES("pitstop.lock.tries", Kind.COUNTER, "", "Tries for the locks of scripts"),
    LOCK_TRY_LONGEST(
            "pitstop.lock.try.longest", Kind.GAUGE, "seconds", "Longest that others may have waited behind one try"),
    SCRIPT("pitstop.script", Kind.TIMER, "seconds", "Scripts that were applied, from the first try for their locks on"),

    BACKFILL_ROWS("pitstop.backfill.rows", Kind.GAUGE, "", "Rows that all workers have walked in this pass", "file"),
    BACKFILL_TOTAL("pitstop.backfill.total", Kind.GAUGE, "", "Rows that there are, estimated", "file"),
    BACKFILL_RATE("pitstop.backfill.rate", Kind.GAUGE, "", "Rows a second, of late", "file"),
    BACKFILL_LEFT("pitstop.backfill.left", Kind.GAUGE, "seconds", "Time to go, estimated", "file"),
    BACKFILL_WORKERS("pitstop.backfill.workers", Kind.GAUGE, "", "Workers of all processes", "file"),
    BACKFILL_BATCHES("pitstop.backfill.batches", Kind.GAUGE, "", "Batches that were committed in this pass", "file"),
    BACKFILL_BATCH("pitstop.backfill.batch", Kind.GAUGE, "seconds", "Mean time of the latest batches", "file"),
    BACKFILL_BRAKE(
            "pitstop.backfill.brake",
            Kind.GAUGE,
            "",
            "What a signal says: 0 go, 1 ease, 2 slow down, 3 begin no batch",
            "file",
            "signal"),
    BACKFILL_FAILED("pitstop.backfill.failed", Kind.GAUGE, "", "Rows that were set aside with their error", "file"),

    DATABASE_SESSIONS("pitstop.database.sessions", Kind.GAUGE, "", "Client sessions", "state"),
    DATABASE_SESSIONS_LEFT("pitstop.database.sessions.left", Kind.GAUGE, "", "Sessions that may still come"),
    DATABASE_WAITING("pitstop.database.waiting", Kind.GAUGE, "", "Sessions that wait for a lock"),
    DATABASE_WAIT_LONGEST("pitstop.database.wait.longest", Kind.GAUGE, "seconds", "Longest of those waits so far"),
    DATABASE_TRANSACTION_OLDEST(
            "pitstop.database.transaction.oldest", Kind.GAUGE, "seconds", "Age of the oldest transaction of others"),
    DATABASE_REPLICA_LAG(
            "pitstop.database.replica.lag", Kind.GAUGE, "bytes", "WAL that the slowest replica has to replay"),
    DATABASE_WAL("pitstop.database.wal", Kind.GAUGE, "bytes", "WAL position; its rate is the WAL rate"),
    DATABASE_CACHE_HITS(
            "pitstop.database.cache.hits", Kind.GAUGE, "", "Share of blocks found in memory since the last look"),
    DATABASE_TEMP("pitstop.database.temp", Kind.GAUGE, "bytes", "Temporary files since the statistics were reset"),
    DATABASE_DEAD("pitstop.database.dead", Kind.GAUGE, "", "Dead rows of all tables, by the statistics"),
    DATABASE_STATEMENT(
            "pitstop.database.statement",
            Kind.GAUGE,
            "seconds",
            "Mean time of a statement since the last look, by pg_stat_statements");

    /** What kind of figure it is. */
    public enum Kind {
        /** Only grows. */
        COUNTER,
        /** How often and how long. */
        TIMER,
        /** As it is now, in the running command. */
        GAUGE,
        /** As it is now, of the application: holds beyond the command until another one knows better. */
        STATE
    }

    private final String id;
    private final Kind kind;
    private final String unit;
    private final String help;
    private final List<String> labels;

    Meter(String id, Kind kind, String unit, String help, String... labels) {
        this.id = id;
        this.kind = kind;
        this.unit = unit;
        this.help = help;
        this.labels = List.of(labels);
    }

    public String id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    /** Seconds or bytes; empty for a number or a share. */
    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    /** Names of the labels whose values a reading must give, in this order. */
    public List<String> labels() {
        return labels;
    }

    /** As Prometheus has it, without the suffixes of a timer's parts. */
    public String prometheusName() {
        String name = id.replace('.', '_') + (unit.isEmpty() ? "" : "_" + unit);
        return kind == Kind.COUNTER ? name + "_total" : name;
    }
}
