package io.pitstop.check.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.script.ScriptText.Oddity;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScriptTextTest {
    @Test
    void nothing_moves_when_something_is_replaced() {
        String text =
                """
                COMMENT ON TABLE a IS 'für ${stage}';
                COPY a FROM stdin;
                1\tö
                \\.
                SELECT '${flyway:defaultSchema}';
                """;

        ScriptText prepared = ScriptText.of(text, Phase.EXPAND);

        assertThat(prepared.sql().lines().count()).isEqualTo(text.lines().count());
        assertThat(prepared.sql().lines().skip(4).findFirst().orElseThrow())
                .startsWith("SELECT 'public ")
                .hasSameSizeAs("SELECT '${flyway:defaultSchema}';");
        assertThat(prepared.sql().lines().findFirst().orElseThrow().getBytes(StandardCharsets.UTF_8))
                .hasSameSizeAs("COMMENT ON TABLE a IS 'für ${stage}';".getBytes(StandardCharsets.UTF_8));
        assertThat(prepared.sql()).doesNotContain("\tö", "\\.");
    }

    @Test
    void a_placeholder_that_nobody_fills_in_is_told_with_its_line() {
        assertThat(ScriptText.of("SELECT 1;\nSELECT ${a}, ${flyway:user};", Phase.EXPAND)
                        .oddities())
                .containsExactly(new Oddity(Oddity.Kind.PLACEHOLDER, "${a}", 2));
    }

    @Test
    void the_bounds_of_a_batch_are_parameters() {
        assertThat(ScriptText.of("WHERE id BETWEEN :from AND :TO AND a::from = b[1:to]", Phase.BACKFILL)
                        .sql())
                .isEqualTo("WHERE id BETWEEN $1    AND $2  AND a::from = b[1:to]");
    }

    @Test
    void without_its_end_copied_rows_are_not_guessed() {
        String text = "COPY a FROM stdin;\n1\tx\n";

        assertThat(ScriptText.of(text, Phase.EXPAND).sql()).isEqualTo(text);
    }
}
