package io.pitstop.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.HealthPolicy;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** Blue has users and five healthy targets; green is to get users. */
class ReadinessTest {
    private final Looks router = new Looks();

    @Test
    void a_colour_with_fewer_healthy_targets_than_users_are_used_to_is_not_ready() {
        router.green(4, 5);

        assertThat(readiness(new HealthPolicy(1, 1, 1)).objection(Colour.GREEN))
                .hasValueSatisfying(objection ->
                        assertThat(objection).contains("4 of 5 targets").contains("5 are needed"));
        assertThat(readiness(new HealthPolicy(1, 0.8, 1)).objection(Colour.GREEN))
                .isEmpty();
    }

    @Test
    void one_bad_look_among_those_asked_for_is_an_objection() {
        router.green(5, 5, 0);

        assertThat(readiness(new HealthPolicy(1, 1, 2)).objection(Colour.GREEN)).isEmpty();
        router.green(5, 5, 0);
        assertThat(readiness(new HealthPolicy(1, 1, 3)).objection(Colour.GREEN)).isPresent();
    }

    @Test
    void waiting_ends_with_the_first_row_of_good_looks() {
        router.green(0, 5, 0, 5, 5);

        assertThat(readiness(new HealthPolicy(1, 1, 2)).await(Colour.GREEN, Duration.ofSeconds(10)))
                .isEmpty();
        assertThat(router.asked).isEqualTo(5);
    }

    @Test
    void waiting_ends_with_its_time_and_tells_the_last_objection() {
        router.green(0);

        assertThat(readiness(new HealthPolicy(1, 1, 1)).await(Colour.GREEN, Duration.ofMillis(20)))
                .hasValueSatisfying(objection -> assertThat(objection).contains("0 of 5"));
    }

    @Test
    void users_can_go_back_to_a_colour_with_fewer_targets_than_they_have_now() {
        router.green(1);

        assertThat(readiness(new HealthPolicy(1, 1, 3)).inability(Colour.GREEN)).isEmpty();
        assertThat(readiness(new HealthPolicy(2, 1, 3)).inability(Colour.GREEN)).isPresent();
    }

    @Test
    void a_colour_without_users_sets_no_measure() {
        router.split = Split.allTo(Colour.GREEN);
        router.green(1);

        assertThat(readiness(new HealthPolicy(1, 1, 1)).objection(Colour.GREEN)).isEmpty();
    }

    private Readiness readiness(HealthPolicy policy) {
        return new Readiness(router, policy, Duration.ofMillis(1));
    }

    /** Tells the health of green look by look; the last look is told again and again. */
    private static final class Looks implements TrafficRouter {
        private final Deque<Integer> green = new ArrayDeque<>();
        private Split split = Split.allTo(Colour.BLUE);
        private int asked;

        void green(Integer... healthy) {
            green.clear();
            green.addAll(Arrays.asList(healthy));
        }

        @Override
        public Split split() {
            return split;
        }

        @Override
        public TargetHealth health(Colour colour) {
            if (colour == Colour.BLUE) {
                return new TargetHealth(5, 5, "");
            }
            asked++;
            return new TargetHealth(green.size() > 1 ? green.poll() : green.element(), 5, "503");
        }

        @Override
        public void shift(Split target) {
            throw new AssertionError("looking must not move traffic");
        }

        @Override
        public Series figures(Colour colour) {
            throw new AssertionError("not asked for");
        }

        @Override
        public Drained drained(Colour colour, Instant since) {
            throw new AssertionError("not asked for");
        }
    }
}
