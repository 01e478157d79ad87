package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.PerColour;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong between us and AWS, what a shift says of who serves users is true, and stays true when the last late
 * call has arrived. Each seed is one shift with faults of its own.
 */
class AlbFaultsTest {
    private static final int SEEDS = 150;
    private static final int AT_ONCE = 10; // they mostly wait
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration ATTEMPT = Duration.ofMillis(150);
    private static final Duration CALL = Duration.ofMillis(900);
    private static final Duration WITHIN = Duration.ofMillis(700);
    private static final Duration LATE = Duration.ofMillis(400);
    private static final Duration TOO_LATE = Duration.ofMillis(2500);

    private final Map<Claim, Integer> claims = new EnumMap<>(Claim.class);

    /** What a shift told us. */
    private enum Claim {
        MOVED,
        AS_IT_WAS,
        REFUSED,
        UNKNOWN,
        STOPPED
    }

    @Test
    void what_a_shift_says_is_true() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Claim>> trials = IntStream.rangeClosed(1, SEEDS)
                    .mapToObj(seed -> (Callable<Claim>) () -> shift(seed))
                    .toList();
            for (Future<Claim> trial : workers.invokeAll(trials, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                claims.merge(trial.get(), 1, Integer::sum);
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(claims).as("every outcome was seen").containsOnlyKeys(Claim.values());
        assertThat(claims.get(Claim.MOVED))
                .as("most faults are overcome: " + claims)
                .isGreaterThan(SEEDS / 3);
    }

    private static Claim shift(int seed) {
        try (Trial trial = new Trial(seed)) {
            return trial.shift();
        }
    }

    /** One world, one shift. Begun by the thread that shifts. */
    private static final class Trial implements AutoCloseable {
        private final int seed;
        private final Random random;
        private final FakeElb elb = new FakeElb();
        private final Split start;
        private final Split target;
        private final boolean sick;
        private Split strangers;

        Trial(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            List<Integer> percents = List.of(0, 5, 50, 100);
            start = new Split(percents.get(random.nextInt(4)));
            target = new Split(percents.get(random.nextInt(4)));
            sick = random.nextInt(8) == 0;
            order(start);
            if (sick) {
                elb.sicken(GREEN);
            }
            arrange();
        }

        /** A stranger's write under answers that are behind could be seen by nobody. */
        private void arrange() {
            boolean meddled = random.nextInt(6) == 0;
            double rate = random.nextInt(3) * 0.2;
            int meddlesAt = meddled ? 1 + random.nextInt(5) : 0;
            AtomicInteger calls = new AtomicInteger();
            Random faults = new Random(seed * 31L);
            if (!meddled) {
                Random behind = new Random(seed * 37L);
                elb.staleReads(() -> behind.nextInt(3));
            }
            boolean stuck = random.nextInt(12) == 0; // each order arrives when nobody waits for it any more
            boolean interrupts = random.nextInt(8) == 0;
            Thread caller = Thread.currentThread();
            elb.chance(action -> {
                int call = calls.incrementAndGet();
                if (interrupts && call == 1 + seed % 5) {
                    caller.interrupt();
                }
                Fault fault = stuck && action.startsWith("Modify") ? Fault.late(TOO_LATE) : fault(action, rate, faults);
                return call == meddlesAt && action.startsWith("Describe") ? Fault.after(this::meddle, fault) : fault;
            });
        }

        private static synchronized Fault fault(String action, double rate, Random random) {
            if (random.nextDouble() >= rate) {
                return Fault.none();
            }
            return switch (random.nextInt(action.startsWith("Modify") ? 10 : 7)) {
                case 0 -> Fault.throttled();
                case 1 -> Fault.refused(503, "ServiceUnavailable", "-");
                case 2 -> Fault.refused(500, "InternalFailure", "-");
                case 3 -> Fault.lostBefore();
                case 4 -> Fault.lostAfter();
                case 5 -> Fault.cut();
                case 6 -> Fault.slow(LATE);
                case 7 -> Fault.late(LATE);
                case 8 -> Fault.failedAfter(500);
                default -> Fault.denied();
            };
        }

        Claim shift() {
            AlbConfig alb = Albs.byArn(elb);
            AlbConfig hasty = new AlbConfig(
                    alb.listener(),
                    alb.loadBalancer(),
                    alb.tags(),
                    443,
                    alb.rule(),
                    new PerColour(elb.group(BLUE), elb.group(GREEN)),
                    alb.stickiness(),
                    WITHIN);
            TrafficRouter router =
                    new AlbRouter(hasty, FakeElb.aws(elb.address(), ATTEMPT, CALL), InstantSource.system());
            Claim claim;
            String said = "";
            try {
                router.shift(target);
                claim = Claim.MOVED;
            } catch (PitstopException e) {
                claim = claim(e);
                said = e.getMessage();
            } finally {
                Thread.interrupted();
            }
            elb.awaitQuiet();
            judge(claim, said);
            return claim;
        }

        private static Claim claim(PitstopException e) {
            if (e instanceof DependencyFailed || e instanceof InvalidConfig) {
                return Claim.AS_IT_WAS;
            }
            if (e instanceof Interrupted) {
                return Claim.STOPPED;
            }
            assertThat(e).isInstanceOfAny(MoveRefused.class, OutcomeUnknown.class);
            return e instanceof MoveRefused ? Claim.REFUSED : Claim.UNKNOWN;
        }

        private void judge(Claim claim, String said) {
            Split truth = new Split(elb.weights().get(BLUE));
            String as = "seed " + seed + ": " + start + " to " + target + ", " + claim + " " + said + ", calls "
                    + elb.calls();
            switch (claim) {
                case MOVED -> assertThat(truth).as(as).isEqualTo(target);
                case AS_IT_WAS, REFUSED -> assertThat(truth).as(as).isIn(start, strangers);
                case STOPPED -> assertThat(truth).as(as).isIn(start, target, strangers);
                case UNKNOWN -> assertThat(elb.orders()).as(as).isPositive();
            }
            if (sick && target.of(GREEN) > start.of(GREEN)) {
                assertThat(truth).as(as + ": green is sick").isIn(start, strangers);
            }
        }

        private void meddle() {
            strangers = new Split(77);
            order(strangers);
        }

        private void order(Split split) {
            elb.weigh(split.of(BLUE), split.of(GREEN));
        }

        @Override
        public void close() {
            elb.close();
        }
    }
}
