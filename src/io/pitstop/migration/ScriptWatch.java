package io.pitstop.migration;

import static java.util.stream.Collectors.joining;

import io.pitstop.config.Quantity;
import io.pitstop.database.Blocker;
import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.database.Waiter;
import io.pitstop.database.Waiters;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Watches a running script from beside, and ends it if the application waits for it longer than
 * {@code database.lockTimeout}, the operator wants to stop, another process has taken over, or nobody can watch it any
 * more. Of one that runs without
 * a lock timeout it also says whom it waits for, and ends it if that takes longer than {@code database.lockWithin}.
 *
 * <p>A lock timeout bounds how long others wait while we wait for a lock; how long they wait while we have it and work
 * is bounded only by this.
 */
final class ScriptWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration SHORTEST = Duration.ofMillis(5);
    /** How often another session is asked for when that of the watch is lost, and cancelling is tried. */
    private static final int TRIES = 10;

    private final Path file;
    private final Run run;
    private final Connection script;
    private final int pid;
    private final boolean patient;
    private final Thread worker = Thread.currentThread();
    private final Thread watch = new Thread(this::watch, "script watch");
    private long freeAt = System.nanoTime();
    private String said = "";
    private boolean atWork = true;
    private volatile boolean over;
    private volatile PitstopException reason;
    private volatile Waiter heldUp;

    /**
     * Begins to watch the script that the calling thread is about to run.
     *
     * @param script the session that it runs in
     * @param patient true if it runs without a lock timeout
     */
    ScriptWatch(Path file, Run run, Connection script, boolean patient) throws SQLException {
        this.file = file;
        this.run = run;
        this.script = script;
        this.pid = Database.pid(script);
        this.patient = patient;
        watch.setDaemon(true);
        watch.start();
    }

    /** Why the script was ended; empty if it was not. */
    Optional<PitstopException> reason() {
        return Optional.ofNullable(reason);
    }

    /** Who waited too long for the script in this try, so that it was cancelled; empty if nobody did. */
    Optional<Waiter> heldUp() {
        return Optional.ofNullable(heldUp);
    }

    /** A try of the script begins, in the session that is watched. */
    synchronized void begin() {
        heldUp = null;
        atWork = true;
    }

    /** The try has ended: from now on nothing is cancelled that the session does. */
    synchronized void end() {
        atWork = false;
    }

    /** Ends the watch and waits until it has; its session is free again then. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (watch.isAlive()) {
            try {
                watch.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            worker.interrupt();
        }
    }

    private void watch() {
        try {
            int lost = 0;
            while (pauseUnlessOver(lost < 2 ? Duration.ZERO : EVERY)) {
                Optional<String> problem = lost == 0 ? watchUntilLost() : renew();
                lost = problem.isEmpty() ? 0 : lost + 1;
                if (lost > TRIES) {
                    giveUp(problem.get());
                }
            }
        } catch (InterruptedException e) {
            return; // nobody does that to a thread of our own
        }
    }

    /** Returns why it could not go on; empty if it need not. */
    private Optional<String> watchUntilLost() throws InterruptedException {
        try (Waiters waiters = new Waiters(run.watch().session(), pid)) {
            Duration pause = EVERY;
            while (pauseUnlessOver(pause)) {
                pause = look(waiters);
            }
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(Database.message(e));
        }
    }

    private Optional<String> renew() {
        try {
            run.watch().renew();
            run.say(file, "is watched from another session, as that of the watch was lost");
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(Database.message(e));
        } catch (PitstopException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Unwatched it might keep the application waiting for as long as it runs. */
    private void giveUp(String problem) throws InterruptedException {
        reason = new DependencyFailed(
                "The session that watched " + file + " was lost, and there was no other: "
                        + problem.replaceFirst("\\.$", "")
                        + ". Unwatched it could have made the application wait, so it was ended. " + run.before(),
                "Mend the database or its limit of connections, then run the step again.");
        String failure = "";
        for (int i = 0; i < TRIES && !over; i++) {
            try {
                cancelDirectly();
                failure = "";
            } catch (SQLException e) {
                failure = Database.message(e);
            }
            pause(EVERY);
        }
        if (!over && !failure.isEmpty()) {
            run.say(file, "goes on unwatched, as it cannot be ended: " + failure);
        }
    }

    private synchronized void cancelDirectly() throws SQLException {
        if (atWork) {
            Database.cancel(script);
        }
    }

    private synchronized void pause(Duration pause) throws InterruptedException {
        if (!over) {
            wait(pause.toMillis());
        }
    }

    private synchronized boolean pauseUnlessOver(Duration pause) throws InterruptedException {
        if (!over && !pause.isZero()) {
            wait(pause.toMillis());
        }
        return !over && reason == null;
    }

    /** Returns how long to wait until the next look. */
    private synchronized Duration look(Waiters waiters) throws SQLException {
        if (!atWork) {
            return EVERY;
        }
        List<Blocker> inTheWay = patient ? inTheWay() : List.of();
        reason = reasonToEnd(inTheWay);
        Optional<Waiter> waiter = waiters.longest();
        Duration left = waiter.map(each -> run.limits().lockTimeout().minus(each.waited()))
                .orElse(EVERY);
        if (left.isNegative() || left.isZero()) {
            heldUp = waiter.get();
        }
        if (reason != null || left.isNegative() || left.isZero()) {
            cancel();
            return EVERY;
        }
        return left.compareTo(EVERY) > 0 ? EVERY : left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    private List<Blocker> inTheWay() throws SQLException {
        List<Blocker> blockers = new Blockers(run.watch().session()).of(pid);
        if (blockers.isEmpty()) {
            freeAt = System.nanoTime();
        } else if (waited().compareTo(Duration.ofSeconds(1)) > 0 && !said.equals(pids(blockers))) {
            said = pids(blockers);
            run.say(file, "waits for " + Blockers.names(blockers));
        }
        return blockers;
    }

    private Duration waited() {
        return Duration.ofNanos(System.nanoTime() - freeAt);
    }

    private PitstopException reasonToEnd(List<Blocker> inTheWay) {
        if (worker.isInterrupted()) {
            return new Interrupted(
                    "Interrupted while running " + file + "; nothing half-made of it is left. " + run.before(),
                    "Run the same command again to go on.");
        }
        if (run.lease().isFenced()) {
            return new DependencyFailed(
                    "Another process took over while " + file + " was running.",
                    "Run pitstop status to see who is at it.");
        }
        if (!inTheWay.isEmpty() && waited().compareTo(run.limits().lockWithin()) > 0) {
            return new DependencyFailed(
                    file + " had to wait for longer than "
                            + Quantity.text(run.limits().lockWithin()) + ". In the way: " + Blockers.names(inTheWay)
                            + ". What it had begun is removed, now or by the next run. " + run.before(),
                    Blockers.hint(inTheWay) + ".");
        }
        return null;
    }

    private void cancel() throws SQLException {
        try (PreparedStatement cancel = run.watch().session().prepareStatement("SELECT pg_cancel_backend(?)")) {
            cancel.setInt(1, pid);
            cancel.executeQuery().close();
        }
    }

    private static String pids(List<Blocker> blockers) {
        return blockers.stream().map(blocker -> "" + blocker.pid()).collect(joining(" "));
    }
}
