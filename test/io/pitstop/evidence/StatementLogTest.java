package io.pitstop.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.TestDatabase;
import org.junit.jupiter.api.Test;

class StatementLogTest {
    @Test
    void a_session_that_is_not_to_be_had_costs_evidence_and_does_not_fail_the_switch_that_has_moved_users() {
        assertThat(new StatementLog(TestDatabase.unreachable()).look(null))
                .hasValueSatisfying(missing -> assertThat(missing.toString())
                        .startsWith("The statements that ran could not be noted: ")
                        .contains("refused"));
    }
}
