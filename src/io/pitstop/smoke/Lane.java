package io.pitstop.smoke;

import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One target of an open loop: its open requests and what came of the others. */
final class Lane {
    private static final int MOST_REASONS = 5;
    private static final Duration LAST_CALLBACKS = Duration.ofSeconds(5);

    private final OpenLoop.Target target;
    private final OpenLoop.Schedule schedule;
    private final Semaphore free;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
    private final Latency.Recorder latency = new Latency.Recorder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();

    Lane(OpenLoop.Target target, OpenLoop.Schedule schedule) {
        this.target = target;
        this.schedule = schedule;
        this.free = new Semaphore(schedule.mostInFlight());
    }

    /** @param due when the request should have been made, in the time of {@link System#nanoTime()} */
    void ask(long due, boolean counted) {
        if (!free.tryAcquire()) {
            if (counted) {
                // It would have waited for the others; how long is not known, but not less than they do.
                record(schedule.timeout(), Optional.of("not sent, " + schedule.mostInFlight() + " were open already"));
            }
            return;
        }
        CompletableFuture<Optional<String>> answer = target.ask();
        open.add(answer);
        answer.orTimeout(schedule.timeout().toMillis(), TimeUnit.MILLISECONDS).whenComplete((wrong, failure) -> {
            if (counted) {
                Duration took = Duration.ofNanos(System.nanoTime() - due);
                record(took, failure == null ? wrong : Optional.of(OpenLoop.reason(failure)));
            }
            open.remove(answer);
            free.release();
        });
    }

    /** Every request ends by its timeout, so this does too. */
    void awaitAnswers() throws InterruptedException {
        long patience = schedule.timeout().plus(LAST_CALLBACKS).toMillis();
        if (!free.tryAcquire(schedule.mostInFlight(), patience, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(open.size() + " requests did not end by their timeout");
        }
    }

    void giveUp() {
        List.copyOf(open).forEach(answer -> answer.cancel(true));
    }

    OpenLoop.Seen seen() {
        Map<String, Long> counts = new ConcurrentHashMap<>();
        reasons.forEach((reason, count) -> counts.put(reason, count.sum()));
        return new OpenLoop.Seen(new Figures(requests.sum(), failures.sum(), latency.snapshot()), Map.copyOf(counts));
    }

    private void record(Duration took, Optional<String> wrong) {
        latency.record(took);
        requests.increment();
        wrong.ifPresent(reason -> {
            failures.increment();
            boolean known = reasons.containsKey(reason) || reasons.size() < MOST_REASONS;
            reasons.computeIfAbsent(known ? reason : "other", any -> new LongAdder())
                    .increment();
        });
    }
}
