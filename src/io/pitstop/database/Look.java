package io.pitstop.database;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Watches one short try for a lock from beside, because afterwards nobody can tell who was in the way. */
public final class Look implements AutoCloseable {
    private static final long EVERY_MS = 2;
    private static final long END_WITHIN_MS = 2_000;

    private final Blockers blockers;
    private final int pid;
    private final Thread watch;
    private volatile boolean over;
    private volatile List<Blocker> seen = List.of();

    Look(Blockers blockers, int pid) {
        this.blockers = blockers;
        this.pid = pid;
        this.watch = new Thread(this::watch, "look for blockers");
        watch.setDaemon(true);
        watch.start();
    }

    /** The last that were seen in the way; empty if it was too quick to see. */
    public List<Blocker> seen() {
        return seen;
    }

    /** Ends the watch and waits until it has. */
    @Override
    public void close() {
        over = true;
        boolean interrupted = false;
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
        try {
            while (!over && seen.isEmpty()) {
                seen = blockers.of(pid);
                TimeUnit.MILLISECONDS.sleep(EVERY_MS);
            }
        } catch (SQLException | InterruptedException e) {
            // Who it was is good to know, but the try does not depend on it.
            return;
        }
    }
}
