package io.pitstop.step;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Notes in the event log how users fare while a step runs, as the router measures it: for people, who read it later. It
 * looks from beside the step, which neither waits for it nor fails by it.
 *
 * <p>At first it looks every second; after each note of 30 looks half as often, at least once a minute, so that the log
 * does not grow with every second of a long step. A step that is killed leaves all but the last of its notes.
 */
final class UserFigures {
    static final String NOTE = "user figures";

    private static final int LOOKS_A_NOTE = 30;
    private static final Duration FIRST_EVERY = Duration.ofSeconds(1);
    private static final Duration LAST_EVERY = Duration.ofMinutes(1);
    private static final long END_WITHIN_MS = 500;

    private final Function<Colour, Series> router;
    private final Supplier<Instant> clock;
    private final Lease lease;
    private final Map<Colour, Series> last = new EnumMap<>(Colour.class);
    private final List<Map<String, Object>> samples = new ArrayList<>();
    private final ScheduledThreadPoolExecutor thread;
    private Duration every = FIRST_EVERY;
    private Instant since;
    private Instant begun;
    private long begunNanos;

    private UserFigures(Function<Colour, Series> router, Supplier<Instant> clock, Lease lease) {
        this.router = router;
        this.clock = clock;
        this.lease = lease;
        this.thread = new ScheduledThreadPoolExecutor(1, look -> {
            Thread daemon = new Thread(look, "user figures");
            daemon.setDaemon(true);
            return daemon;
        });
        // The end of a step need not wait for the next look.
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Does some work of a step, and looks meanwhile.
     *
     * @param router gives a colour's figures since some moment; may throw what {@code TrafficRouter.figures} does
     * @param clock the one that the event log is dated by: that of the node may be wrong, and is set meanwhile; asked once
     * @param lease that of the step
     */
    static <T> T during(Function<Colour, Series> router, Supplier<Instant> clock, Lease lease, Supplier<T> work) {
        UserFigures figures = new UserFigures(router, clock, lease);
        figures.thread.execute(figures::lookAndGoOn);
        try {
            return work.get();
        } finally {
            figures.end();
        }
    }

    /** Takes a last look, and notes what is not noted yet. */
    private void end() {
        thread.execute(this::look);
        thread.execute(this::note);
        thread.shutdown();
        // Also after an interrupt, of which the step itself tells.
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.awaitTermination(END_WITHIN_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void lookAndGoOn() {
        look();
        if (samples.size() >= LOOKS_A_NOTE) {
            note();
            every = every.multipliedBy(2).compareTo(LAST_EVERY) < 0 ? every.multipliedBy(2) : LAST_EVERY;
        }
        try {
            thread.schedule(this::lookAndGoOn, every.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            return;
        }
    }

    private void look() {
        if (begun == null && !isClockRead()) {
            return;
        }
        Instant now = begun.plusNanos(System.nanoTime() - begunNanos);
        boolean answered = false;
        for (Colour colour : Colour.values()) {
            answered |= look(colour, now);
        }
        since = answered ? now : since;
    }

    private boolean isClockRead() {
        try {
            begun = clock.get();
            begunNanos = System.nanoTime();
            return true;
        } catch (PitstopException unanswered) {
            return false;
        }
    }

    private boolean look(Colour colour, Instant now) {
        try {
            Series series = router.apply(colour);
            Series before = last.put(colour, series);
            if (before != null && before.id().equals(series.id())) {
                add(colour, now, series.total().since(before.total()));
            }
            return true;
        } catch (PitstopException | UnsupportedOperationException | IllegalArgumentException unanswered) {
            // A gap in a picture is no reason to disturb a release.
            last.remove(colour);
            return false;
        }
    }

    private void add(Colour colour, Instant now, Figures seen) {
        if (seen.requests() > 0) {
            samples.add(Map.of(
                    "colour", colour.toString(),
                    "from", since.toString(),
                    "until", now.toString(),
                    "requests", seen.requests(),
                    "failed", seen.failures(),
                    "p50", seen.latency().percentileMs(50),
                    "p99", seen.latency().percentileMs(99)));
        }
    }

    private void note() {
        if (samples.isEmpty()) {
            return;
        }
        try {
            lease.note(NOTE, Map.of("samples", List.copyOf(samples)));
        } catch (DependencyFailed unreachable) {
            // The step asks for its lease itself, and tells if it is lost.
            return;
        } finally {
            samples.clear();
        }
    }
}
