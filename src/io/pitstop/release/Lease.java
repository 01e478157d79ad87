package io.pitstop.release;

import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The right of one process to work on one step of one release, and the only way to write to the journal.
 *
 * <p>A lease is alive while the database session that took it exists and its heart beats. Each holder has a token
 * higher than the one before; a process whose token is no longer the lease's own has lost it, whatever it believes,
 * and every write that carries the token is refused (the fencing token of M. Kleppmann, "How to do distributed
 * locking", 2016).
 */
public final class Lease implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    /** The server needs a moment to notice that the client of a session was killed. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** A server that does not answer for this long leaves open whether the lease is ours, and which facts hold. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Connection connection;
    private final LeaseTable table;
    private final EventTable events;
    private final Release release;
    private final String step;
    private final long token;
    private final Actor actor;
    private final ScheduledExecutorService heart;
    private volatile boolean fenced;

    private Lease(Connection connection, Release release, String step, long token, Actor actor) {
        this.connection = connection;
        this.table = new LeaseTable(connection, release, step);
        this.events = new EventTable(connection);
        this.release = release;
        this.step = step;
        this.token = token;
        this.actor = actor;
        this.heart = Executors.newSingleThreadScheduledExecutor(beat -> daemon(beat, "lease " + step));
        heart.scheduleAtFixedRate(this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @throws MoveRefused if somebody else is at it, and still is after a moment's patience */
    static Lease take(Database database, Release release, String step, Actor actor) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                Optional<Lease> lease = tryToTake(database, release, step, actor, false);
                if (lease.isPresent()) {
                    return lease.get();
                }
                if (System.nanoTime() > deadline) {
                    throw taken(database, release, step);
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for " + step + " of " + release.id());
        }
    }

    /** Makes the session fail if the server does not answer in time. */
    static void limitAnswers(Connection session) throws SQLException {
        session.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
    }

    public Release release() {
        return release;
    }

    /** The name of the step that the lease is for, such as {@code backfill}; also names the sessions that work for it. */
    public String step() {
        return step;
    }

    /** Higher than that of every lease before it; no other lease ever has it. */
    public long token() {
        return token;
    }

    /** Who works under the lease. */
    public Actor actor() {
        return actor;
    }

    /** True once another process is known to have the lease; false while the database cannot be asked. */
    public boolean isFenced() {
        return fenced;
    }

    /**
     * Returns if the lease is still ours; call it immediately before every action on an outside system.
     *
     * @throws DependencyFailed if it was lost, or if the database cannot say
     */
    public synchronized void ensureHeld() {
        try {
            if (!table.beat(token)) {
                throw lost();
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /**
     * Makes the caller's transaction fail unless the lease is ours until it commits.
     *
     * @throws DependencyFailed if it was lost
     */
    public void ensureHeld(Connection transaction) throws SQLException {
        if (!table.lock(transaction, token)) {
            throw lost();
        }
    }

    /** Records that {@code fact} holds from now on. */
    public void record(Fact fact, Map<String, ?> detail) {
        write(fact.words(), detail, () -> insert(fact, detail));
    }

    /** Records that {@code fact} holds from now on and {@code nomore} does not, in one transaction. */
    public void record(Fact fact, Fact nomore, Map<String, ?> detail) {
        write(fact.words(), detail, () -> {
            delete(nomore);
            insert(fact, detail);
        });
    }

    /** Records that {@code fact} does not hold any more, and why. */
    public void revoke(Fact fact, String why) {
        write("no longer " + fact.words(), Map.of("why", why), () -> delete(fact));
    }

    /** Appends to the event log: an intent before an action, an outcome after it. */
    public void note(String event, Map<String, ?> detail) {
        write(event, detail, () -> {});
    }

    /** Records what a person decided about a step, in place of what was decided about it before. */
    public void record(Decision decision) {
        Actor decider = new Actor(decision.person(), actor.build(), actor.host());
        ApprovalTable approvals = new ApprovalTable(connection);
        write(decision.event(), decider, decision.detail(), () -> approvals.put(release, decision, actor.build()));
    }

    /**
     * Returns what was noted under {@code event}, oldest first, in any release of the application: the intents of
     * processes that died, for whoever goes on after them.
     */
    public synchronized List<Map<String, Object>> notes(String event) {
        try {
            return events.notes(release.application(), event);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /**
     * Records that {@code fact} holds and ends the release; a new one can be opened.
     *
     * @param outcome {@code contracted} or {@code abandoned}
     */
    public void finish(Fact fact, String outcome, Map<String, ?> detail) {
        write(fact.words(), detail, () -> {
            insert(fact, detail);
            Sql.update(
                    connection,
                    "UPDATE pitstop.releases SET finished_at = clock_timestamp(), outcome = ? WHERE id = ?",
                    outcome,
                    release.id());
        });
    }

    /** Gives the lease back. */
    @Override
    public void close() {
        heart.shutdownNow();
        synchronized (this) {
            try (connection) {
                table.release(token);
            } catch (SQLException e) {
                // The session is gone, and with it the lease.
                fenced = true;
            }
        }
    }

    /** @param seize take it from the living too */
    static Optional<Lease> tryToTake(Database database, Release release, String step, Actor actor, boolean seize) {
        Connection connection = database.connect("lease " + step);
        boolean taken = false;
        try {
            LeaseTable table = new LeaseTable(connection, release, step);
            Optional<Long> token = table.claim(actor, seize);
            if (token.isPresent()) {
                table.endLeftovers();
                limitAnswers(connection);
                taken = true;
            }
            return token.map(number -> new Lease(connection, release, step, number, actor));
        } catch (SQLException e) {
            throw Database.failure(e);
        } finally {
            if (!taken) {
                Database.close(connection);
            }
        }
    }

    private static MoveRefused taken(Database database, Release release, String step) {
        try (Connection connection = database.connect("lease " + step)) {
            String holder = new LeaseTable(connection, release, step).holder();
            return new MoveRefused(
                    step + " of " + release.id() + " is running: " + holder + ".",
                    "Wait for it, or stop it there; then run this again.");
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private void beat() {
        try {
            ensureHeld();
        } catch (PitstopException e) {
            // Nothing to do here: the next action asks again and tells whoever runs the step.
            return;
        }
    }

    private DependencyFailed lost() {
        fenced = true;
        return new DependencyFailed(
                "Another process took over " + step + " of " + release.id() + "; this one has stopped.",
                "Run pitstop status to see who is at it.");
    }

    private void insert(Fact fact, Map<String, ?> detail) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO pitstop.facts (release, fact, person, build, detail) VALUES (?, ?, ?, ?, ?::jsonb)"
                        + " ON CONFLICT (release, fact) DO UPDATE SET at = excluded.at, person = excluded.person,"
                        + " build = excluded.build, detail = excluded.detail",
                release.id(),
                fact.name(),
                actor.person(),
                actor.build(),
                EventTable.json(detail));
    }

    private void delete(Fact fact) throws SQLException {
        Sql.update(connection, "DELETE FROM pitstop.facts WHERE release = ? AND fact = ?", release.id(), fact.name());
    }

    private void write(String event, Map<String, ?> detail, Change change) {
        write(event, actor, detail, change);
    }

    private synchronized void write(String event, Actor who, Map<String, ?> detail, Change change) {
        try {
            connection.setAutoCommit(false);
            try {
                ensureHeld(connection);
                change.apply();
                events.append(release, step, event, token, who, detail);
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private interface Change {
        void apply() throws SQLException;
    }
}
