package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A small sample of what {@code pitstop prove} runs by the hundred. */
@ExtendWith(TestSite.Shared.class)
class ProofTest {
    @TempDir
    private Path logs;

    @Test
    void a_release_comes_through_whatever_goes_wrong(TestSite site) {
        Proof proof = TestSite.run(2, logs).prove(site.undisturbed(), site.site(), TestSite::open);

        assertThat(proof.isGood()).as(proof.json().toPrettyString()).isTrue();
        assertThat(proof.results()).hasSize(2).anyMatch(RunResult::struck);
        assertThat(proof.points()).isGreaterThan(300);
    }
}
