package io.pitstop.backfill.brake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the event log gets of brakes that are looked at every second; the clock is the test's. */
class BrakeLogTest {
    private static final Reading LAG = Reading.slow("replica lag 4.2 s");
    private static final Reading WAITS = Reading.slow("2 sessions wait for our locks");
    private static final Reading PAUSED = Reading.stop("paused by bob");

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> events = new ArrayList<>();
    private final List<Map<String, ?>> details = new ArrayList<>();
    private final BrakeLog log = new BrakeLog(
            (event, detail) -> {
                events.add(event);
                details.add(detail);
            },
            nanos::get);

    @Test
    void a_brake_is_noted_when_it_takes_hold_and_when_it_lets_go_with_how_long_it_held() {
        look(1, "lag", Reading.GOOD);
        look(30, "lag", LAG);
        look(5, "lag", Reading.GOOD);

        assertThat(events).containsExactly("backfill slowed", "backfill at full speed");
        assertThat(details.get(0)).isEqualTo(Map.of("reason", "replica lag 4.2 s"));
        assertThat(details.get(1).toString()).contains("signal=lag", "seconds=29.0");
    }

    @Test
    void a_pause_stops_it_until_it_goes_on() {
        look(3, "order", PAUSED);
        look(3, "order", Reading.GOOD);

        assertThat(events).containsExactly("backfill stopped", "backfill goes on");
    }

    @Test
    void brakes_that_flap_for_an_hour_are_told_in_sums_that_add_up() {
        flap(3_600);
        log.end();

        assertThat(events).hasSizeBetween(60, 122).contains("backfill braked").startsWith("backfill slowed");
        assertThat(times()).as("each time that it took hold").isEqualTo(900);
        assertThat(seconds()).isBetween(890.0, 910.0);
    }

    @Test
    void the_first_hold_of_another_signal_is_told_at_once() {
        flap(20);
        look(1, "lag", Reading.GOOD);
        int before = events.size();

        look(1, "locks", WAITS);

        assertThat(events.subList(before, events.size())).containsExactly("backfill slowed");
        assertThat(details.get(before).get("reason")).isEqualTo(WAITS.reason());
    }

    @Test
    void a_hold_that_lasts_is_told_though_it_began_among_many_short_ones() {
        flap(20);
        look(120, "lag", LAG);
        int told = events.size();
        look(1, "lag", Reading.GOOD);

        assertThat(events.get(told - 1)).isEqualTo("backfill slowed");
        assertThat(events.subList(told, events.size())).containsExactly("backfill at full speed");
    }

    @Test
    void what_is_not_told_yet_is_told_at_the_end() {
        flap(20);
        int before = events.size();

        log.end();

        assertThat(events.subList(before, events.size())).containsExactly("backfill braked");
        log.end();
        assertThat(events).hasSize(before + 1);
    }

    @Test
    void a_pace_that_is_slow_still_is_told_to_be_free_once_it_is() {
        look(1, "lag", LAG);
        log.look(Map.of("lag", Reading.GOOD), "", false);
        assertThat(events).containsExactly("backfill slowed");

        log.look(Map.of("lag", Reading.GOOD), "", true);

        assertThat(events).containsExactly("backfill slowed", "backfill at full speed");
    }

    @Test
    void who_is_slowed_after_a_stop_by_the_same_signal_is_not_told_at_every_look() {
        look(1, "lag", Reading.stop("replica lag 40 s"));
        look(300, "lag", LAG);

        assertThat(events).hasSizeLessThan(9).startsWith("backfill stopped", "backfill goes on");
    }

    /** Two seconds on, two seconds off. */
    private void flap(int seconds) {
        for (int i = 0; i < seconds; i += 4) {
            look(2, "lag", LAG);
            look(2, "lag", Reading.GOOD);
        }
    }

    private void look(int seconds, String signal, Reading reading) {
        for (int i = 0; i < seconds; i++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            log.look(Map.of(signal, reading), reading.reason(), true);
        }
    }

    private int times() {
        return sums().stream().mapToInt(sum -> (int) sum.get("times")).sum();
    }

    private double seconds() {
        return sums().stream().mapToDouble(sum -> (double) sum.get("seconds")).sum();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, ?>> sums() {
        return details.stream()
                .flatMap(detail -> ((List<Map<String, ?>>) detail.get("brakes") == null
                                ? List.<Map<String, ?>>of()
                                : (List<Map<String, ?>>) detail.get("brakes"))
                        .stream())
                .toList();
    }
}
