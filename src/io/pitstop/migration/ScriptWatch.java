package io.pitstop.migration;

import static java.util.stream.Collectors.joining;

import io.pitstop.config.Quantity;
import io.pitstop.database.Blocker;
import io.pitstop.database.Blockers;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Watches a running script from beside, and ends it if the operator wants to stop or another process has taken over.
 * Of one that runs without a lock timeout it also says whom it waits for, and ends it if that takes longer than
 * {@code database.lockWithin}.
 */
final class ScriptWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final Path file;
    private final Run run;
    private final int pid;
    private final boolean patient;
    private final Thread worker = Thread.currentThread();
    private final Thread watch = new Thread(this::watch, "script watch");
    private volatile boolean over;
    private volatile PitstopException reason;

    /**
     * Begins to watch the script that the calling thread is about to run.
     *
     * @param pid the session that it runs in
     * @param patient true if it runs without a lock timeout
     */
    ScriptWatch(Path file, Run run, int pid, boolean patient) {
        this.file = file;
        this.run = run;
        this.pid = pid;
        this.patient = patient;
        watch.setDaemon(true);
        watch.start();
    }

    /** Why the script was ended; empty if it was not. */
    Optional<PitstopException> reason() {
        return Optional.ofNullable(reason);
    }

    /** Ends the watch and waits until it has; the side session is free again then. */
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
        Blockers blockers = new Blockers(run.side());
        long freeAt = System.nanoTime();
        String said = "";
        try {
            while (!over && reason == null) {
                List<Blocker> inTheWay = patient ? blockers.of(pid) : List.of();
                Duration waited = Duration.ofNanos(System.nanoTime() - freeAt);
                if (inTheWay.isEmpty()) {
                    freeAt = System.nanoTime();
                } else if (waited.compareTo(Duration.ofSeconds(1)) > 0 && !said.equals(pids(inTheWay))) {
                    said = pids(inTheWay);
                    run.say(file, "waits for " + Blockers.names(inTheWay));
                }
                reason = reasonToEnd(inTheWay, waited);
                if (reason != null) {
                    cancel();
                }
                synchronized (this) {
                    wait(over ? 1 : EVERY.toMillis());
                }
            }
        } catch (SQLException | InterruptedException e) {
            // The script goes on unwatched: nobody else waits for it.
            return;
        }
    }

    private PitstopException reasonToEnd(List<Blocker> inTheWay, Duration waited) {
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
        if (!inTheWay.isEmpty() && waited.compareTo(run.limits().lockWithin()) > 0) {
            return new DependencyFailed(
                    file + " had to wait for longer than "
                            + Quantity.text(run.limits().lockWithin()) + ". In the way: " + Blockers.names(inTheWay)
                            + ". What it had begun was removed. " + run.before(),
                    "Wait for that transaction or end it, then run the step again.");
        }
        return null;
    }

    private void cancel() throws SQLException {
        try (PreparedStatement cancel = run.side().prepareStatement("SELECT pg_cancel_backend(?)")) {
            cancel.setInt(1, pid);
            cancel.executeQuery().close();
        }
    }

    private static String pids(List<Blocker> blockers) {
        return blockers.stream().map(blocker -> "" + blocker.pid()).collect(joining(" "));
    }
}
