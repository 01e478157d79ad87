package io.pitstop.check.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @ParameterizedTest
    @CsvSource({"2, 10", "2, 2.1", "2.9, 2.10", "1.99, 2", "20260101120000, 20260101120001"})
    void versions_are_counted_and_not_spelled(String earlier, String later) {
        assertThat(version(earlier)).isLessThan(version(later));
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0", "2_1, 2.1", "007, 7"})
    void flyway_takes_these_for_the_same(String one, String other) {
        assertThat(version(one)).isEqualTo(version(other)).hasSameHashCodeAs(version(other));
        assertThat(version(one)).isEqualByComparingTo(version(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "V2", "2.", ".2", "2-1", "latest", "2 "})
    void other_texts_are_no_versions(String text) {
        assertThat(Version.of(text)).isEmpty();
    }

    @Test
    void a_version_is_written_with_dots() {
        assertThat(version("2_1")).hasToString("2.1");
    }

    private static Version version(String text) {
        return Version.of(text).orElseThrow();
    }
}
