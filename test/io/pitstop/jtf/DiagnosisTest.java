package io.pitstop.jtf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Terraform 1.11 says of a state that it could not lock. */
class DiagnosisTest {
    @Test
    void a_lock_that_was_let_go_of_just_then_is_told_from_one_that_is_held() {
        assertThat(Diagnosis.isLockThatVanished(List.of(locked("resource temporarily unavailable"))))
                .isTrue();
        assertThat(Diagnosis.isLockThatVanished(List.of(locked("Lock Info:\n  ID:        5f2c\n  Who: ann@node"))))
                .isFalse();
    }

    private static Diagnostic locked(String detail) {
        return new Diagnostic(true, "Error acquiring the state lock", detail, "", "", 0);
    }
}
