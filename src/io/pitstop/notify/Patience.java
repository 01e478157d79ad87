package io.pitstop.notify;

import io.pitstop.error.PitstopException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Waits for others for a limited time in all. What does not end by then is left to threads that end with the process. */
final class Patience {
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "notify");
        thread.setDaemon(true);
        return thread;
    });

    private final long end;

    /** @param atMost from now on */
    Patience(Duration atMost) {
        this.end = System.nanoTime() + atMost.toNanos();
    }

    /** When it ends, by {@link System#nanoTime()}, or {@code before} that. */
    long end(Duration before) {
        return end - before.toNanos();
    }

    /** The answer, or why there is none; waits no longer than {@code atMost}, nor than there is patience. */
    <T> Optional<T> ask(Duration atMost, Callable<T> question, Function<String, Optional<T>> otherwise)
            throws InterruptedException {
        Future<T> answer = threads.submit(question);
        try {
            long left = Math.max(0, end - System.nanoTime());
            return Optional.of(answer.get(Math.min(left, atMost.toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return otherwise.apply("it did not answer in time");
        } catch (ExecutionException e) {
            return otherwise.apply(words(e));
        } finally {
            answer.cancel(true);
        }
    }

    /** The answers to all, asked at once, in their order. */
    List<String> askAll(long deadline, List<? extends Callable<String>> questions) throws InterruptedException {
        long left = Math.max(0, deadline - System.nanoTime());
        List<String> answers = new ArrayList<>();
        for (Future<String> answer : threads.invokeAll(questions, left, TimeUnit.NANOSECONDS)) {
            try {
                answers.add(answer.get());
            } catch (CancellationException e) {
                answers.add("it did not answer in time");
            } catch (ExecutionException e) {
                answers.add(words(e));
            }
        }
        return answers;
    }

    /** Without the message of what we did not throw ourselves: there may be an address in it. */
    private static String words(ExecutionException failure) {
        return failure.getCause() instanceof PitstopException expected
                ? expected.getMessage().replaceFirst("\\.$", "")
                : failure.getCause().getClass().getSimpleName();
    }
}
