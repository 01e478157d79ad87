package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** A split bakes for a minute, with a look every second. */
class BakeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeTime time = new FakeTime();
    private final List<String> lines = new ArrayList<>();

    @Test
    void gates_that_stay_healthy_let_it_pass_after_the_whole_time() {
        FakeGate gate = new FakeGate(look -> HEALTHY);

        BakeResult result = bake(gate).hold(Stretch.whole(MINUTE));

        assertThat(result.passed()).isTrue();
        assertThat(result.verdicts()).containsExactly(verdict(HEALTHY, 60));
        assertThat(time.nanos()).isEqualTo(MINUTE.toNanos());
        assertThat(gate.begun).isEqualTo(1);
    }

    @Test
    void the_first_unhealthy_gate_ends_it_at_once() {
        FakeGate healthy = new FakeGate(look -> HEALTHY);
        FakeGate failing = new FakeGate(look -> look == 7 ? UNHEALTHY : HEALTHY);
        FakeGate afterwards = new FakeGate(look -> HEALTHY);

        BakeResult result = bake(healthy, failing, afterwards).hold(Stretch.whole(MINUTE));

        assertThat(result.passed()).isFalse();
        assertThat(result.unhealthy()).containsExactly(verdict(UNHEALTHY, 7));
        assertThat(result.verdicts()).containsExactly(verdict(HEALTHY, 7), verdict(UNHEALTHY, 7));
        assertThat(time.nanos()).isEqualTo(Duration.ofSeconds(7).toNanos());
    }

    @Test
    void a_gate_that_never_can_tell_fails_it_with_its_reason() {
        BakeResult result = bake(new FakeGate(look -> UNDECIDED)).hold(Stretch.whole(MINUTE));

        assertThat(result.passed()).isFalse();
        assertThat(result.unhealthy()).containsExactly(verdict(UNHEALTHY, 61));
    }

    @Test
    void a_gate_that_is_undecided_at_the_end_is_asked_once_more() {
        BakeResult result =
                bake(new FakeGate(look -> look == 60 ? UNDECIDED : HEALTHY)).hold(Stretch.whole(MINUTE));

        assertThat(result.passed()).isTrue();
        assertThat(result.verdicts()).containsExactly(verdict(HEALTHY, 61));
    }

    @Test
    void a_short_bake_looks_more_often() {
        FakeGate gate = new FakeGate(look -> HEALTHY);

        bake(gate).hold(Stretch.whole(Duration.ofSeconds(2)));

        assertThat(gate.looks).isEqualTo(10);
    }

    @Test
    void a_bake_of_no_time_asks_nobody() {
        FakeGate gate = new FakeGate(look -> UNHEALTHY);

        assertThat(bake(gate).hold(Stretch.whole(Duration.ZERO)))
                .isEqualTo(new BakeResult(true, List.of(), List.of(Map.of("looks", 0))));

        assertThat(gate.looks).isZero();
    }

    @Test
    void without_gates_it_waits() {
        BakeResult result = bake().hold(Stretch.whole(MINUTE));

        assertThat(result.passed()).isTrue();
        assertThat(time.nanos()).isEqualTo(MINUTE.toNanos());
    }

    @Test
    void progress_is_told_every_10_seconds() {
        bake(new FakeGate(look -> HEALTHY)).hold(Stretch.whole(MINUTE));

        assertThat(lines)
                .hasSize(5)
                .startsWith("baked 10s of 1m: fake: look 10 (limit none, 10 samples, test, since the bake began)")
                .endsWith("baked 50s of 1m: fake: look 50 (limit none, 50 samples, test, since the bake began)");
    }

    @Test
    void what_must_hold_is_checked_before_each_look_and_ends_it() {
        FakeGate gate = new FakeGate(look -> HEALTHY);
        Runnable lease = () -> {
            if (time.nanos() > Duration.ofSeconds(3).toNanos()) {
                throw new MoveRefused("The lease is lost.", "Wait.");
            }
        };

        assertThatThrownBy(() -> new Bake(List.of(gate), lease, lines::add, time).hold(Stretch.whole(MINUTE)))
                .isInstanceOf(MoveRefused.class);

        assertThat(gate.looks).isEqualTo(3);
    }

    @Test
    void an_interrupt_ends_it() {
        FakeGate gate = new FakeGate(look -> {
            if (look == 5) {
                Thread.currentThread().interrupt();
            }
            return HEALTHY;
        });

        assertThatThrownBy(() -> bake(gate).hold(Stretch.whole(MINUTE))).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(gate.looks).isEqualTo(5);
    }

    @Test
    void a_stretch_in_the_middle_leaves_it_to_the_last_to_be_sure() {
        FakeGate gate = new FakeGate(look -> UNDECIDED);

        BakeResult left = bake(gate).hold(new Stretch(MINUTE, false, List.of()));

        assertThat(left.passed()).isTrue();
        assertThat(left.memories()).containsExactly(Map.of("looks", 60));
        assertThat(gate.looks).isEqualTo(60);
    }

    @Test
    void a_later_stretch_goes_on_where_the_one_before_was_left() {
        FakeGate gate = new FakeGate(look -> HEALTHY);

        BakeResult result = bake(gate).hold(new Stretch(MINUTE, true, List.of(Map.of("looks", 7))));

        assertThat(result.verdicts()).containsExactly(verdict(HEALTHY, 67));
        assertThat(gate.begun).isZero();
    }

    @Test
    void the_last_stretch_asks_at_least_once() {
        FakeGate failing = new FakeGate(look -> UNHEALTHY);

        BakeResult result = bake(failing).hold(new Stretch(Duration.ZERO, true, List.of(Map.of("looks", 7))));

        assertThat(result.passed()).isFalse();
        assertThat(failing.looks).isEqualTo(8);
    }

    @Test
    void a_first_stretch_of_no_time_begins_what_the_next_goes_on_with() {
        FakeGate gate = new FakeGate(look -> HEALTHY);

        bake(gate).hold(new Stretch(Duration.ZERO, false, List.of()));

        assertThat(gate.begun).isEqualTo(1);
    }

    @Test
    void what_other_gates_remember_is_forgotten() {
        FakeGate gate = new FakeGate(look -> HEALTHY);

        bake(gate).hold(new Stretch(MINUTE, true, List.of(Map.of("looks", 7), Map.of())));

        assertThat(gate.begun).isEqualTo(1);
    }

    @Test
    void real_time_passes() {
        long begun = System.nanoTime();

        new Bake(List.of(), () -> {}, lines::add, BakeTime.REAL).hold(Stretch.whole(Duration.ofMillis(120)));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
    }

    private Bake bake(Gate... gates) {
        return new Bake(List.of(gates), () -> {}, lines::add, time);
    }

    private static Verdict verdict(Verdict.Answer answer, int look) {
        return new Verdict("fake", answer, "look " + look, "none", look, "test");
    }

    private static final class FakeGate implements Gate {
        private final IntFunction<Verdict.Answer> byLook;
        int begun;
        int looks;

        FakeGate(IntFunction<Verdict.Answer> byLook) {
            this.byLook = byLook;
        }

        @Override
        public void begin() {
            begun++;
        }

        @Override
        public void resume(Map<String, Object> memory) {
            looks = (Integer) memory.get("looks");
        }

        @Override
        public Map<String, Object> memory() {
            return Map.of("looks", looks);
        }

        @Override
        public Verdict judge() {
            looks++;
            return verdict(byLook.apply(looks), looks);
        }
    }
}
