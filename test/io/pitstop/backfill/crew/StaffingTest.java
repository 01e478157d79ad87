package io.pitstop.backfill.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Up to four workers; the clock is the test's, and so is what so many workers write in a second. */
class StaffingTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Staffing staffing = new Staffing(1, 4, nanos::get);
    private double rows;

    @Test
    void workers_are_added_as_long_as_each_makes_it_faster() {
        work(30, workers -> 10_000 * workers, true);

        assertThat(staffing.wanted()).isEqualTo(4);
    }

    @Test
    void one_that_does_not_help_goes_and_is_not_tried_again_at_once() {
        work(20, workers -> workers == 1 ? 10_000 : 14_000, true);
        assertThat(staffing.wanted()).isEqualTo(2);

        int most = work(90, workers -> workers == 1 ? 10_000 : 14_000, true);
        assertThat(most).as("none was tried within two minutes").isEqualTo(2);
    }

    @Test
    void after_a_while_it_is_tried_again_as_things_may_have_changed() {
        work(20, workers -> 10_000, true);
        assertThat(staffing.wanted()).isEqualTo(1);

        work(150, workers -> 10_000 * Math.min(2, workers), true);
        assertThat(staffing.wanted()).isEqualTo(2);
    }

    @Test
    void one_works_alone_while_somebody_else_needs_the_database() {
        work(30, workers -> 10_000 * workers, true);
        work(1, workers -> 10_000 * workers, false);
        assertThat(staffing.wanted()).isEqualTo(1);

        assertThat(work(30, workers -> 10_000 * workers, false)).isEqualTo(1);
        work(30, workers -> 10_000 * workers, true);
        assertThat(staffing.wanted()).isEqualTo(4);
    }

    @Test
    void who_orders_a_number_gets_it() {
        Staffing three = new Staffing(3, 3, nanos::get);
        for (int i = 0; i < 200; i++) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            three.look(i, i % 2 == 0);
            assertThat(three.wanted()).isEqualTo(3);
        }
    }

    /** For so many seconds, with a look every 100 ms; returns the most workers that there were. */
    private int work(int seconds, IntToDoubleFunction rowsPerSecond, boolean free) {
        int most = 0;
        for (int i = 0; i < 10 * seconds; i++) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            rows += rowsPerSecond.applyAsDouble(staffing.wanted()) / 10;
            staffing.look(Math.round(rows), free);
            most = Math.max(most, staffing.wanted());
        }
        return most;
    }
}
