package io.pitstop.backfill.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A batch should take 100 ms with nobody beside it. */
class BatchTimeTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    private final BatchTime time = new BatchTime(Duration.ofMillis(100));

    @Test
    void alone_it_takes_what_it_was_asked_for() {
        assertThat(time.wanted(false, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(time.wanted(false, 0.5)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void beside_an_application_it_is_short() {
        assertThat(time.wanted(true, 1)).isEqualTo(SHORT);
        assertThat(time.wanted(true, 0.5)).isEqualTo(SHORT.dividedBy(2));
    }

    @Test
    void where_most_rows_are_only_looked_at_it_takes_many_times_as_long() {
        for (int i = 0; i < 50; i++) {
            time.wrote(0, 1_000);
        }
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(20));
        assertThat(time.wanted(false, 1)).isEqualTo(Duration.ofMillis(100));

        time.wrote(800, 1_000);
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofNanos(2_500_000));
    }

    @Test
    void it_never_takes_longer_than_alone() {
        assertThat(new BatchTime(Duration.ofMillis(1)).wanted(true, 1)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void of_a_server_far_away_or_under_brakes_it_does_not_come_down_to_the_way_there() {
        for (int i = 0; i < 50; i++) {
            time.noted(Duration.ofMillis(5));
        }

        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(10));
        assertThat(time.wanted(true, 0.2)).isEqualTo(Duration.ofMillis(10));
        assertThat(time.wanted(false, 1)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void beside_an_application_the_disk_is_waited_for_before_much_piles_up() {
        assertThat(batchesUntilTheDisk(1)).isEqualTo(2);
        assertThat(time.isDiskDue(false)).as("alone").isFalse();
    }

    @Test
    void most_of_the_time_does_not_go_by_with_waiting_for_a_disk_that_takes_its_time() {
        assertThat(batchesUntilTheDisk(20)).isBetween(18, 20);
        assertThat(time.wanted(true, 1))
                .as("what others may have to wait for a row")
                .isEqualTo(SHORT);

        assertThat(batchesUntilTheDisk(1)).isEqualTo(2);
    }

    @Test
    void a_disk_that_stands_still_is_waited_for_after_twice_the_time_of_a_batch() {
        assertThat(batchesUntilTheDisk(5_000)).isBetween(98, 100);
    }

    /** How many batches go without it, once it takes so long. */
    private int batchesUntilTheDisk(int ms) {
        for (int i = 0; i < 50; i++) {
            time.waited(Duration.ofMillis(ms));
        }
        int batches = 0;
        while (!time.isDiskDue(true)) {
            time.piled(SHORT);
            batches++;
        }
        return batches;
    }
}
