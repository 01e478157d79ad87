package io.pitstop.traffic;

import io.pitstop.error.Interrupted;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that an interrupt must not cut short, such as an order and finding out what became of it. */
public final class SeenThrough {
    private SeenThrough() {}

    /**
     * Runs {@code work}, which must be bounded in time, and throws what it throws.
     *
     * @throws Interrupted if an interrupt came meanwhile and the work was done
     */
    public static void run(String what, Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        Thread thread = new Thread(task, what);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (!task.isDone()) {
                try {
                    task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            task.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            interrupted = true; // cannot be: what is done is not waited for
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (interrupted) {
            throw Interrupted.whileDoing(what + ", which was done nevertheless");
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }
}
