package io.pitstop.smoke;

import io.pitstop.error.Interrupted;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes requests at a constant rate, whatever the answers do, as users who do not know of each other would.
 *
 * <p>A latency counts from the moment when the request was due. So a target that stalls shows the waiting of everybody
 * who came during the stall, which a client that waits for one answer before it asks again would never see. Several
 * targets take turns: each gets the full rate, all of them at the same time.
 */
public final class OpenLoop {
    private static final Duration HOPELESS = Duration.ofSeconds(5);

    private final Schedule schedule;
    private final Duration reportEvery;
    private final Consumer<List<Figures>> reports;

    /** Something to ask. */
    public interface Target {
        /**
         * Starts one request and returns at once. The answer is empty if it was good, else what was wrong with it;
         * cancelling it, or completing it from outside, gives the request up.
         */
        CompletableFuture<Optional<String>> ask();
    }

    /**
     * When to ask.
     *
     * @param perSecond requests per second to each target
     * @param warmUp asked at the same rate before, and not counted
     * @param time what is counted
     * @param timeout after which a request is given up and has failed
     * @param mostInFlight open requests to one target; beyond it a request fails when it is due, instead of later
     */
    public record Schedule(int perSecond, Duration warmUp, Duration time, Duration timeout, int mostInFlight) {
        public Schedule {
            if (perSecond < 1 || mostInFlight < 1 || timeout.isZero() || time.isZero()) {
                throw new IllegalArgumentException("nothing to do in " + perSecond + "/s for " + time);
            }
        }
    }

    /**
     * What one target showed.
     *
     * @param reasons how often each kind of failure was seen
     */
    public record Seen(Figures figures, Map<String, Long> reasons) {}

    /**
     * What all targets showed, in their order, and how well the loop itself kept its schedule.
     *
     * @param lateness of the loop: from when a request was due until it was started
     * @param notStarted requests that were given up because the loop was hopelessly late
     */
    public record Measurement(List<Seen> seen, Latency lateness, long notStarted) {
        /** How late a request may start and still count as made in time. */
        public static final Duration MOST_LATE = Duration.ofMillis(50);

        /** False if the loop was too slow for the rate, so that the figures tell of this machine, not of the targets. */
        public boolean keptRate() {
            return notStarted == 0 && lateness.percentileMs(50) <= MOST_LATE.toMillis();
        }

        /**
         * False if the loop stumbled, though it may have kept the rate as a whole. Its lateness is part of the
         * latencies then: they are no better than they look, but could be worse than the targets deserve.
         */
        public boolean keptTime() {
            return notStarted == 0 && lateness.percentileMs(99) <= MOST_LATE.toMillis();
        }
    }

    /**
     * @param reportEvery time between two reports
     * @param reports gets each target's figures so far, in the thread that calls {@link #run}: it must be quick
     */
    public OpenLoop(Schedule schedule, Duration reportEvery, Consumer<List<Figures>> reports) {
        this.schedule = schedule;
        this.reportEvery = reportEvery;
        this.reports = reports;
    }

    /**
     * Runs the whole schedule and waits for the last answers.
     *
     * @throws Interrupted if the thread is interrupted; open requests are given up
     */
    public Measurement run(List<Target> targets) {
        List<Lane> lanes =
                targets.stream().map(target -> new Lane(target, schedule)).toList();
        Latency.Recorder lateness = new Latency.Recorder();
        try {
            long notStarted = ask(lanes, lateness);
            for (Lane lane : lanes) {
                lane.awaitAnswers();
            }
            return new Measurement(lanes.stream().map(Lane::seen).toList(), lateness.snapshot(), notStarted);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("requests were made at a constant rate");
        } finally {
            lanes.forEach(Lane::giveUp);
        }
    }

    /** Returns how many requests were not started. */
    private long ask(List<Lane> lanes, Latency.Recorder lateness) throws InterruptedException {
        long rate = (long) schedule.perSecond() * lanes.size();
        long arrivals = arrivals(schedule.warmUp().plus(schedule.time()), rate);
        long warmUp = arrivals(schedule.warmUp(), rate);
        long begun = System.nanoTime();
        long nextReport = begun + reportEvery.toNanos();
        for (long arrival = 0; arrival < arrivals; arrival++) {
            long due = begun + arrival * 1_000_000_000 / rate;
            long late = awaitDue(due);
            if (late > HOPELESS.toNanos()) {
                return arrivals - arrival;
            }
            boolean counted = arrival >= warmUp;
            if (counted) {
                lateness.record(Duration.ofNanos(late));
            }
            lanes.get((int) (arrival % lanes.size())).ask(due, counted);
            if (due >= nextReport) {
                nextReport += reportEvery.toNanos();
                reports.accept(lanes.stream().map(lane -> lane.seen().figures()).toList());
            }
        }
        return 0;
    }

    private static long arrivals(Duration time, long rate) {
        return time.toMillis() * rate / 1_000;
    }

    /** Returns by how many nanoseconds it is late. */
    private static long awaitDue(long due) throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long early = due - System.nanoTime();
            if (early <= 0) {
                return -early;
            }
            LockSupport.parkNanos(early);
        }
    }

    /** Why a request failed, in words that are the same for the same kind of failure. */
    static String reason(Throwable failure) {
        Throwable cause = Stream.iterate(failure, thrown -> thrown.getCause())
                .filter(thrown -> !(thrown instanceof CompletionException || thrown instanceof ExecutionException)
                        || thrown.getCause() == null)
                .findFirst()
                .orElse(failure);
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof java.net.ConnectException) {
            return "no connection";
        }
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
    }
}
