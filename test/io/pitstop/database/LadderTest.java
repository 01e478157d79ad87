package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A limit of 200 ms. */
class LadderTest {
    private final Ladder ladder = new Ladder(Duration.ofMillis(200), new Random(1));

    @Test
    void the_first_tries_hardly_wait() {
        for (int i = 0; i < 40; i++) {
            assertThat(ladder.timeoutMs()).isEqualTo(2);
            ladder.failed(true);
        }
        assertThat(ladder.timeoutMs()).isEqualTo(20);
    }

    @Test
    void who_starves_waits_longer_and_longer_but_never_longer_than_the_limit() {
        assertThat(timeouts(400, true)).containsExactly(2L, 20L, 50L, 100L, 200L);
    }

    @Test
    void who_is_held_up_by_a_lasting_transaction_goes_on_asking_briefly() {
        assertThat(timeouts(400, false)).containsExactly(2L, 20L);
    }

    @Test
    void a_limit_below_the_shortest_wait_is_kept() {
        Ladder narrow = new Ladder(Duration.ofMillis(1), new Random(1));
        for (int i = 0; i < 400; i++) {
            assertThat(narrow.timeoutMs()).isEqualTo(1);
            narrow.failed(true);
        }
    }

    @Test
    void pauses_are_about_50_ms_and_never_in_step() {
        TreeSet<Long> pauses = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            pauses.add(ladder.pauseMs());
        }
        assertThat(pauses.first()).isGreaterThanOrEqualTo(40);
        assertThat(pauses.last()).isLessThanOrEqualTo(60);
        assertThat(pauses).hasSizeGreaterThan(10);
    }

    private TreeSet<Long> timeouts(int tries, boolean starved) {
        TreeSet<Long> seen = new TreeSet<>();
        for (int i = 0; i < tries; i++) {
            seen.add(ladder.timeoutMs());
            ladder.failed(starved);
        }
        return seen;
    }
}
