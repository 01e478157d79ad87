package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.prove.place.Site;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small sample of what {@code pitstop prove} runs by the hundred. */
class ProofTest {
    @TempDir
    private Path logs;

    @Test
    void a_release_comes_through_whatever_goes_wrong() {
        ProveRun.Options options =
                new ProveRun.Options(1, 2, Optional.empty(), Optional.empty(), Duration.ofMinutes(10), 40);
        try (Site site = TestSite.open()) {
            Proof proof = new ProveRun(options, logs, new PrintWriter(System.out)).on(site);

            assertThat(proof.isGood()).as(proof.json().toPrettyString()).isTrue();
            assertThat(proof.results()).hasSize(2).anyMatch(RunResult::struck);
            assertThat(proof.points()).isGreaterThan(300);
        }
    }
}
