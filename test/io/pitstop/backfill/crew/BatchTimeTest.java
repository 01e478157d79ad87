package io.pitstop.backfill.crew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A batch should take 100 ms with nobody beside it. */
class BatchTimeTest {
    private final BatchTime time = new BatchTime(Duration.ofMillis(100));

    @Test
    void alone_it_takes_what_it_was_asked_for() {
        assertThat(time.wanted(false, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(time.wanted(false, 0.5)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void beside_an_application_it_is_short() {
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(4));
        assertThat(time.wanted(true, 0.5)).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void on_a_disk_that_takes_its_time_it_does_not_wait_for_most_of_it() {
        commit(20);
        assertThat(time.wanted(true, 1)).isBetween(Duration.ofMillis(38), Duration.ofMillis(40));

        commit(1);
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(4));
    }

    @Test
    void where_most_rows_are_only_looked_at_it_takes_a_few_times_as_long() {
        for (int i = 0; i < 50; i++) {
            time.wrote(0, 1_000);
        }
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(20));
        assertThat(time.wanted(false, 1)).isEqualTo(Duration.ofMillis(100));

        time.wrote(800, 1_000);
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void it_never_takes_longer_than_alone() {
        commit(500);
        assertThat(time.wanted(true, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(new BatchTime(Duration.ofMillis(2)).wanted(true, 1)).isEqualTo(Duration.ofMillis(2));
    }

    private void commit(int ms) {
        for (int i = 0; i < 50; i++) {
            time.waited(Duration.ofMillis(ms));
        }
    }
}
