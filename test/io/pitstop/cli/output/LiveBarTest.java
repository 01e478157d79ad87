package io.pitstop.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.backfill.BackfillFigures;
import io.pitstop.backfill.brake.Reading;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveBarTest {
    private static final Reading LAG = new Reading(Reading.Level.SLOW, "replica lag 4.2 s");

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final List<BackfillFigures> passedOn = new ArrayList<>();

    @Test
    void it_tells_how_far_it_is_how_fast_until_when_and_what_holds_it_back() {
        assertThat(drawn(140, UTF, figures(Map.of("replica-lag", LAG, "disk", Reading.GOOD))))
                .isEqualTo("B2__posts  ███████░░░  71 %  3,550,000/5,000,000  41,200 rows/s  ETA 0:35 ±0:04  2 workers"
                        + "  brake: replica lag 4.2 s");
        assertThat(passedOn).hasSize(1);
    }

    @Test
    void where_nobody_knows_how_steady_it_is_there_is_no_error() {
        assertThat(drawn(140, UTF, figures(Optional.of(Duration.ofSeconds(3_735)), 0, 100, Map.of())))
                .contains("ETA 1:02:15  2 workers")
                .doesNotContain("±", "brake");
        assertThat(drawn(140, UTF, figures(Optional.empty(), 0, 0, Map.of("order", LAG))))
                .contains("standing still")
                .endsWith("stopped: replica lag 4.2 s");
    }

    @Test
    void a_terminal_that_knows_only_letters_gets_them() {
        assertThat(drawn(140, StandardCharsets.US_ASCII, figures(Map.of())))
                .contains("#######...  71 %", "ETA 0:35 +-0:04");
    }

    @Test
    void it_fits_into_one_line_and_leaves_out_what_is_missed_least() {
        assertThat(drawn(80, UTF, figures(Map.of("replica-lag", LAG))))
                .isEqualTo("B2__posts  71 %  41,200 rows/s  ETA 0:35 ±0:04  brake: replica lag 4.2 s");
        assertThat(drawn(40, UTF, figures(Map.of("replica-lag", LAG))))
                .hasSizeLessThan(40)
                .contains("71 %", "brake: repl");
        assertThat(drawn(3, UTF, figures(Map.of()))).hasSizeLessThan(3);
    }

    @Test
    void once_no_row_remains_the_line_stays() {
        LiveBar bar = bar(140, UTF);
        bar.take(figures(Map.of()));

        bar.ended();

        assertThat(terminal.toString(UTF)).endsWith("2 workers\u001b[K\n");
        assertThat(bar.isSeen()).isTrue();
    }

    private static final Charset UTF = StandardCharsets.UTF_8;

    private String drawn(int columns, Charset charset, BackfillFigures figures) {
        terminal.reset();
        bar(columns, charset).take(figures);
        return terminal.toString(charset).replace("\r", "").replace("\u001b[K", "");
    }

    private LiveBar bar(int columns, Charset charset) {
        return new LiveBar(new Screen(terminal, charset, () -> columns), passedOn::add);
    }

    private static BackfillFigures figures(Map<String, Reading> brakes) {
        return figures(Optional.of(Duration.ofSeconds(35)), 0.12, 100, brakes);
    }

    private static BackfillFigures figures(
            Optional<Duration> left, double error, double heldTo, Map<String, Reading> brakes) {
        return new BackfillFigures(
                "B2__posts.sql", 3_550_000, 5_000_000, 41_200, left, error, 400, 80, 2, 0, false, heldTo, brakes);
    }
}
