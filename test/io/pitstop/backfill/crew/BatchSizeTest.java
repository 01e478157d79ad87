package io.pitstop.backfill.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private static final Duration SHORT = Duration.ofMillis(8);

    private final BatchSize size = new BatchSize(1_000_000);

    @Test
    void a_batch_takes_as_many_rows_as_fit_into_its_time() {
        for (int i = 0; i < 30; i++) {
            size.succeeded(size.rows(), micros(10 * size.rows()), Duration.ofMillis(100));
        }

        assertThat(size.rows()).isEqualTo(10_000);
    }

    @Test
    void it_grows_by_half_at_most() {
        size.succeeded(1_000, micros(10), SHORT);

        assertThat(size.rows()).isEqualTo(1_501);
    }

    @Test
    void batches_that_the_machine_held_up_make_the_next_ones_no_smaller_than_they_must_be() {
        for (int i = 0; i < 200; i++) {
            int heldUp = i % 5 == 0 ? 13_000 : 0;
            size.succeeded(size.rows(), micros(2 * size.rows() + heldUp), SHORT);
        }

        assertThat(size.rows()).isBetween(2_500L, 4_000L);
    }

    @Test
    void a_moment_that_others_on_the_machine_took_is_no_matter_of_the_size() {
        for (int i = 0; i < 200; i++) {
            int heldUp = i % 5 == 0 ? 10_000 : 0;
            size.succeeded(size.rows(), micros(2 * size.rows() + heldUp), Duration.ofMillis(4));
        }

        assertThat(size.rows()).isEqualTo(2_000);
    }

    @Test
    void however_long_they_were_held_up_the_others_take_a_quarter_of_the_time_that_they_may() {
        size.succeeded(38, micros(38), SHORT);
        for (int i = 0; i < 200; i++) {
            int heldUp = i % 5 == 0 ? 37_500 : 0;
            size.succeeded(size.rows(), micros(size.rows() + heldUp), SHORT);
        }

        assertThat(size.rows()).isBetween(1_900L, 2_100L);
    }

    @Test
    void where_some_rows_cost_ten_times_as_much_their_batches_take_three_times_as_long_as_wanted() {
        for (int i = 0; i < 200; i++) {
            size.succeeded(size.rows(), micros((i % 5 == 0 ? 100 : 10) * size.rows()), Duration.ofMillis(100));
        }

        assertThat(size.rows()).isEqualTo(3_100);
    }

    @Test
    void one_that_took_far_too_long_makes_the_next_much_smaller() {
        size.succeeded(1_000, Duration.ofSeconds(1), Duration.ofMillis(100));

        assertThat(size.rows()).isEqualTo(200);
    }

    @Test
    void one_that_failed_is_halved_and_does_not_grow_until_its_rows_are_done() {
        size.failed(1_000);
        size.succeeded(500, micros(10), SHORT);

        assertThat(size.rows()).isEqualTo(500);

        size.succeeded(500, micros(10), SHORT);
        size.succeeded(500, micros(10), SHORT);

        assertThat(size.rows()).isEqualTo(751);
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(1_000 * micros);
    }
}
