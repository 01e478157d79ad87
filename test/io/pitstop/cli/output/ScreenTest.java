package io.pitstop.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a terminal gets, byte by byte: {@code \r} goes to the begin of the line, {@code ESC[K} clears what follows. */
class ScreenTest {
    private static final String CLEAR = "\u001b[K";

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final Screen screen = new Screen(terminal, StandardCharsets.UTF_8, () -> 80);

    @Test
    void a_line_is_drawn_over_the_one_before_and_left_complete() {
        screen.draw("10 %");
        screen.draw("20 %");
        screen.end();
        screen.end();

        assertThat(seen()).isEqualTo("\r10 %" + CLEAR + "\r20 %" + CLEAR + "\n");
    }

    @Test
    void what_others_print_stays_above_the_line() {
        screen.draw("10 %");

        screen.printer(terminal).println("warning: slow");

        assertThat(seen()).isEqualTo("\r10 %" + CLEAR + "\r" + CLEAR + "warning: slow\n\r10 %" + CLEAR);
    }

    @Test
    void nothing_is_drawn_into_a_line_that_others_have_not_ended() {
        PrintStream other = screen.stream(terminal);
        other.print("half");
        screen.draw("10 %");
        assertThat(seen()).isEqualTo("half");

        other.print(" a line\n");

        assertThat(seen()).isEqualTo("half a line\n\r10 %" + CLEAR);
    }

    @Test
    void once_it_has_ended_others_print_as_ever() {
        screen.draw("100 %");
        screen.end();

        screen.printer(terminal).println("done");

        assertThat(seen()).isEqualTo("\r100 %" + CLEAR + "\ndone\n");
    }

    @Test
    void the_last_column_stays_free() {
        assertThat(screen.room()).isEqualTo(79);
        assertThat(new Screen(terminal, StandardCharsets.UTF_8, () -> 0).room()).isEqualTo(1);
    }

    private String seen() {
        return terminal.toString(StandardCharsets.UTF_8);
    }
}
