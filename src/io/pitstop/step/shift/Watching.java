package io.pitstop.step.shift;

import io.pitstop.config.Quantity;
import io.pitstop.error.CheckFailed;
import io.pitstop.gate.BakeResult;
import io.pitstop.gate.Stretch;
import io.pitstop.gate.Verdict;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Holds splits for one run of switch-traffic: each to the end of its bake, or until the run has to leave. */
public final class Watching {
    /** In the middle of a bake that was watched well at its begin, a run looks a few times only. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final BiFunction<Stretch, Runnable, BakeResult> gates;
    private final Lease lease;
    private final Optional<Duration> atMost;
    private final Supplier<Instant> clock;
    private final Consumer<String> progress;
    private final long begun = System.nanoTime();

    /**
     * @param gates asks the gates for a stretch of time
     * @param atMost how long the run may stay, from now on
     * @param clock the one that the journal dates by
     */
    public Watching(
            BiFunction<Stretch, Runnable, BakeResult> gates,
            Lease lease,
            Optional<Duration> atMost,
            Supplier<Instant> clock,
            Consumer<String> progress) {
        this.gates = gates;
        this.lease = lease;
        this.atMost = atMost;
        this.clock = clock;
        this.progress = progress;
    }

    /** @param left what the next run has to go on with; empty if the bake is over */
    record Held(Baked baked, Optional<PendingBake> left) {}

    /**
     * @param pending what an earlier run left of this bake
     * @throws CheckFailed if a gate failed
     */
    Held hold(Split split, Duration bake, Optional<PendingBake> pending, Runnable beforeEachLook) {
        Instant since = pending.map(PendingBake::since).orElseGet(clock);
        Stretch stretch = stretch(pending, since.plus(bake), bake);
        progress.accept("baking at " + split + " for " + Quantity.text(bake)
                + (pending.isEmpty() && stretch.last()
                        ? ""
                        : " since " + since + ", watching for " + stretch.time().toSeconds() + "s"));
        BakeResult result = gates.apply(stretch, beforeEachLook);
        if (!result.passed()) {
            throw failed(split, result);
        }
        List<String> verdicts = words(result.verdicts());
        Baked baked = new Baked(split.of(candidate()), bake, verdicts);
        if (stretch.last()) {
            lease.note(Trail.BAKED, Map.of("split", split.toString(), "verdicts", verdicts));
            return new Held(baked, Optional.empty());
        }
        Instant until = since.plus(bake);
        Instant wakeAt = PendingBake.wakeAt(since, until, clock.get(), atMost.orElseThrow());
        PendingBake left = new PendingBake(split, since, until, wakeAt, result.memories());
        lease.note(Trail.BAKE_LEFT, left.noted(candidate(), verdicts));
        return new Held(baked, Optional.of(left));
    }

    private Stretch stretch(Optional<PendingBake> earlier, Instant until, Duration bake) {
        if (atMost.isEmpty()) {
            // Who stays to the end need not rely on what others saw.
            return Stretch.whole(bake);
        }
        List<Map<String, Object>> memories = earlier.map(PendingBake::memories).orElse(List.of());
        Duration left = positive(Duration.between(clock.get(), until));
        Duration stay = positive(atMost.get().minusNanos(System.nanoTime() - begun));
        if (left.compareTo(stay) <= 0) {
            return new Stretch(left, true, memories);
        }
        return new Stretch(earlier.isPresent() && LOOK.compareTo(stay) < 0 ? LOOK : stay, false, memories);
    }

    private CheckFailed failed(Split split, BakeResult result) {
        lease.note(Trail.GATE_FAILED, Map.of("split", split.toString(), "verdicts", words(result.verdicts())));
        return new CheckFailed(
                "A gate failed at " + split + ": " + String.join("; ", words(result.unhealthy()))
                        + ". Users go back to " + lease.release().incumbent() + ".",
                "Read what the gate measured, mend the version, deploy it and switch again.");
    }

    private Colour candidate() {
        return lease.release().candidate();
    }

    private static List<String> words(List<Verdict> verdicts) {
        return verdicts.stream().map(Verdict::toString).toList();
    }

    private static Duration positive(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
