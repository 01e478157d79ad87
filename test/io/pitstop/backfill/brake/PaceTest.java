package io.pitstop.backfill.brake;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.backfill.brake.Reading.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Workers that walk 10,000 rows a second as long as nobody holds them back; the clock is the test's. */
class PaceTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Pace pace = new Pace(nanos::get);

    @Test
    void without_a_reason_there_is_no_limit() throws InterruptedException {
        work(Level.GOOD, 20);

        assertThat(pace.rate()).isInfinite();
        assertThat(pace.mostRows()).isEqualTo(Long.MAX_VALUE);
        pace.await(() -> false);
    }

    @Test
    void a_bad_signal_takes_a_part_of_what_was_achieved_and_again_as_long_as_it_is_bad() {
        work(Level.GOOD, 20);
        work(Level.SLOW, 1);
        assertThat(pace.rate()).isBetween(5_000.0, 7_000.0);
        assertThat(pace.timeShare()).isLessThan(0.7);

        work(Level.SLOW, 50);
        assertThat(pace.rate()).as("never nothing: a reason may last").isBetween(50.0, 300.0);
        assertThat(pace.mostRows()).isLessThan(200);
    }

    @Test
    void good_signals_bring_the_rate_back_bit_by_bit_until_there_is_no_limit() {
        work(Level.GOOD, 20);
        work(Level.SLOW, 50);
        double low = pace.rate();
        work(Level.GOOD, 5);
        assertThat(pace.rate()).isBetween(low + 1_000, 5_000.0);

        work(Level.GOOD, 50);
        assertThat(pace.rate()).isInfinite();
        assertThat(pace.timeShare()).isEqualTo(1);
    }

    @Test
    void what_takes_its_time_takes_half_of_the_speed_at_most() {
        work(Level.GOOD, 20);
        work(Level.EASE, 50);

        assertThat(pace.rate()).isBetween(4_500.0, 5_500.0);
        assertThat(pace.timeShare()).isEqualTo(0.5);
    }

    @Test
    void no_batch_begins_while_a_signal_says_stop() throws InterruptedException {
        work(Level.GOOD, 20);
        pace.adjust(Level.STOP);
        long[] asked = {0};

        pace.await(() -> asked[0]++ > 2);

        assertThat(asked[0]).as("it came back only because it was over").isGreaterThan(2);
        pace.adjust(Level.GOOD);
        pace.await(() -> false);
    }

    @Test
    void an_order_is_a_limit_and_a_batch_is_paid_for_before_the_next_one() throws InterruptedException {
        pace.order(1_000, 1);
        pace.spent(500);
        long[] asked = {0};
        pace.await(() -> {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            asked[0]++;
            return false;
        });

        assertThat(asked[0])
                .as("500 rows at 1,000 rows/s take five times 100 ms")
                .isEqualTo(5);
        assertThat(pace.mostRows()).isEqualTo(500);
    }

    @Test
    void half_as_fast_is_half_of_what_was_possible() {
        work(Level.GOOD, 20);
        pace.order(Double.POSITIVE_INFINITY, 0.5);

        assertThat(pace.rate()).isBetween(4_000.0, 6_000.0);
    }

    /** For so many looks at the signals, 200 ms apart. */
    private void work(Level level, int looks) {
        for (int i = 0; i < looks; i++) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
            pace.spent(2_000);
            pace.adjust(level);
        }
    }
}
