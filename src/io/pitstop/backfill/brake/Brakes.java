package io.pitstop.backfill.brake;

import static java.util.stream.Collectors.joining;

import io.pitstop.backfill.brake.Reading.Level;
import io.pitstop.database.Database;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Watches the signals and the operator's orders beside the workers of this process, and sets their pace. What cannot be
 * watched counts as bad.
 */
public final class Brakes implements AutoCloseable {
    /** That there is one makes batches short, whatever it feels. */
    private static final String APPLICATION = "application";

    /** The names of all signals. */
    public static final Set<String> SIGNALS = Set.of(
            APPLICATION,
            "latency",
            "commits",
            "statements",
            "lock-waits",
            "replica-lag",
            "slot-lag",
            "archive",
            "checkpoints",
            "snapshot",
            "vacuum",
            "connections",
            "disk");

    private static final long LOOK_EVERY_MS = 200;
    private static final int SELDOM = 5;
    private static final int ANSWER_MS = 5_000;
    private static final long FIRST_WITHIN_S = 5;
    private static final long END_WITHIN_MS = 10_000;
    private static final double OLD_SNAPSHOT_S = 900;
    private static final Set<String> OFTEN = Set.of("lock-waits", "latency", "commits");

    /** Sessions of others that have worked in the last two seconds; those that we may not look into count. */
    private static final String OTHERS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE (backend_type = 'client backend' OR backend_type IS NULL AND usesysid IS NOT NULL)"
            + " AND application_name NOT LIKE 'pitstop:%' AND datname = current_database()"
            + " AND coalesce(state <> 'idle' OR state_change > clock_timestamp() - interval '2 seconds', true)";

    private final Database database;
    private final Lease lease;
    private final String table;
    private final Set<String> ignored;
    private final Pace pace;
    private final Usual usual;
    private final Thread watch;
    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final BrakeLog log;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile boolean over;
    private volatile String words = "";
    private volatile Level level = Level.GOOD;
    private volatile Map<String, Reading> told = Map.of();

    /**
     * Begins to watch.
     *
     * @param table as its name is written in SQL
     * @param ignored names of signals that do not count
     * @param usual what was measured before the backfill began, and gets what is measured now
     */
    public Brakes(Database database, Lease lease, String table, Set<String> ignored, Pace pace, Usual usual) {
        this.database = database;
        this.lease = lease;
        this.table = table;
        this.ignored = Set.copyOf(ignored);
        this.pace = pace;
        this.usual = usual;
        this.log = new BrakeLog(lease::note, System::nanoTime);
        this.watch = new Thread(this::watch, "backfill brakes");
        watch.setDaemon(true);
        watch.start();
    }

    /** Waits until the first signals were read, so that what is usual is known before it changes; for a few seconds at most. */
    public void awaitFirst() {
        try {
            first.await(FIRST_WITHIN_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the workers will end at once, and say so
        }
    }

    /** What holds the workers back now, and to which pace; empty if nothing does. */
    public String words() {
        String reasons = words;
        if (reasons.isEmpty()) {
            return "";
        }
        double rate = pace.rate();
        String to = Double.isInfinite(rate) ? "" : String.format(Locale.ROOT, "held to %,d rows/s: ", Math.round(rate));
        return (level == Level.STOP ? "stopped: " : to) + reasons;
    }

    /** What each signal and order said last, by its name. */
    public Map<String, Reading> readings() {
        return told;
    }

    /** True while an application works on the database, too. */
    public boolean isBeside() {
        return pace.isBeside();
    }

    /** What the workers of this process are held to; infinite if nothing limits them, 0 if they are stopped. */
    public double rowsPerSecond() {
        return pace.rate();
    }

    /** Ends the watch and waits until it has. */
    @Override
    public void close() {
        over = true;
        watch.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            watch.join(END_WITHIN_MS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (!over) {
            try (Connection session = database.connect(lease.step().replace(' ', '-') + "-brakes")) {
                session.setNetworkTimeout(Runnable::run, ANSWER_MS);
                watch(session, signals(session));
            } catch (SQLException | PitstopException e) {
                Reading blind = Reading.stop("the signals cannot be read: " + e.getMessage());
                pace.adjust(Level.STOP);
                say(Level.STOP, blind.reason(), Map.of("signals", blind));
                pause();
            }
        }
        note(log::end);
    }

    private void watch(Connection session, List<Signal> signals) throws SQLException {
        for (int i = 0; !over; i++) {
            Order order = i % SELDOM == 0 ? order(session) : null;
            boolean beside = Long.parseLong(Gauges.text(session, OTHERS)) > 0;
            pace.beside(beside && !ignored.contains(APPLICATION));
            for (Signal signal : signals) {
                if (i % SELDOM == 0 || OFTEN.contains(signal.name())) {
                    readings.put(signal.name(), signal.isForOthers() && !beside ? Reading.GOOD : read(signal, session));
                }
            }
            if (order != null) {
                readings.put("order", reading(order));
            }
            decide();
            first.countDown();
            pause();
        }
    }

    private Order order(Connection session) throws SQLException {
        Order order = Orders.read(session, lease.release());
        pace.order(order.rowsPerSecond() / Orders.processes(session, lease), order.share());
        return order;
    }

    private static Reading reading(Order order) {
        if (order.pausedUntil().isPresent()) {
            return Reading.stop(order.toString());
        }
        // The pace has its limit already: the order is told, but no reason for another one.
        return order.rowsPerSecond() < Double.POSITIVE_INFINITY || order.share() < 1
                ? new Reading(Level.GOOD, order.toString())
                : Reading.GOOD;
    }

    private static Reading read(Signal signal, Connection session) throws SQLException {
        try {
            return signal.read(session);
        } catch (SQLException e) {
            if (!session.isValid(1)) {
                throw e;
            }
            return Reading.slow(signal.name() + " cannot be read: " + Database.message(e));
        }
    }

    private void decide() {
        Level worst = readings.values().stream()
                .map(Reading::level)
                .max(Level::compareTo)
                .orElse(Level.GOOD);
        told = Map.copyOf(readings);
        pace.adjust(worst);
        say(
                worst,
                readings.values().stream()
                        .map(Reading::reason)
                        .filter(reason -> !reason.isEmpty())
                        .collect(joining("; ")),
                told);
    }

    private void say(Level now, String reasons, Map<String, Reading> by) {
        level = now;
        words = reasons;
        note(() -> log.look(by, reasons, Double.isInfinite(pace.rate())));
    }

    private static void note(Runnable entry) {
        try {
            entry.run();
        } catch (PitstopException e) {
            // The workers learn of a lost lease by themselves, and say so.
            return;
        }
    }

    private List<Signal> signals(Connection session) throws SQLException {
        String sessions =
                "pitstop:" + lease.release().application() + ":" + lease.step().split(" ")[0];
        Signals.Place place = new Signals.Place(database.config().url(), sessions, table, OLD_SNAPSHOT_S);
        return Signals.of(session, place, ignored, usual);
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            // Only close() interrupts.
            over = true;
        }
    }
}
