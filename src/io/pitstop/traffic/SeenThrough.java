package io.pitstop.traffic;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Sees an order through, from giving it until its outcome is known, whatever interrupts its giver meanwhile. */
final class SeenThrough {
    private SeenThrough() {}

    /**
     * Returns, or throws, what {@code order} did. It runs on a thread of its own, because libraries give up a call when
     * their thread is interrupted; the giver's interrupt is kept for whoever waits next.
     */
    static void run(Runnable order) {
        FutureTask<Void> task = new FutureTask<>(order, null);
        new Thread(task, "order").start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw asThrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException asThrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause;
    }
}
