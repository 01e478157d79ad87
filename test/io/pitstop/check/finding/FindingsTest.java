package io.pitstop.check.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Path SCRIPT = Path.of("db/V2__x.sql");

    @Test
    void errors_are_refused_with_the_first_of_them_and_how_to_see_all() {
        Findings findings = new Findings(
                IntStream.rangeClosed(1, 5)
                        .mapToObj(line -> finding(Severity.ERROR, line))
                        .toList(),
                List.of(SCRIPT));

        assertThatThrownBy(findings::refuseErrors)
                .isInstanceOfSatisfying(
                        MoveRefused.class, refusal -> assertThat(refusal.hint()).contains("pitstop check db/V2__x.sql"))
                .hasMessageContaining("db/V2__x.sql:1: error rule: Why.")
                .hasMessageContaining(":3: error")
                .hasMessageContaining("and 2 more errors")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain(":4:"));
    }

    @Test
    void warnings_are_not_refused() {
        Findings findings = new Findings(List.of(finding(Severity.WARNING, 1)), List.of(SCRIPT));

        assertThatCode(findings::refuseErrors).doesNotThrowAnyException();
        assertThat(findings.message()).isEqualTo("Judged 1 script: 0 errors, 1 warning.");
    }

    @Test
    void nothing_to_judge_is_said_so() {
        assertThat(new Findings(List.of(), List.of()).message()).isEqualTo("There is no script to judge.");
    }

    @Test
    void errors_and_warnings_are_told_apart() {
        Findings findings = new Findings(
                Stream.of(Severity.ERROR, Severity.WARNING, Severity.ERROR)
                        .map(severity -> finding(severity, 1))
                        .toList(),
                List.of(SCRIPT));

        assertThat(findings.errors()).hasSize(2);
        assertThat(findings.warnings()).hasSize(1);
    }

    private static Finding finding(Severity severity, int line) {
        return new Finding(Judge.RULES, "rule", severity, SCRIPT, line, "SELECT 1", "Why.", "SELECT 2");
    }
}
