package io.pitstop.prove.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that runs with a clock of ours; skipped where there is no libfaketime. */
class NodeClockTest {
    private static final Duration NEAR = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private NodeClock clock;

    @BeforeEach
    void make() {
        assumeTrue(NodeClock.library().isPresent(), "There is no libfaketime on this machine.");
        clock = NodeClock.in(NodeClock.library().orElseThrow(), folder.resolve("clock"));
    }

    @Test
    void it_is_right_until_it_is_set_back() throws IOException {
        assertThat(seen()).isBetween(Instant.now().minus(NEAR), Instant.now().plus(NEAR));

        clock.setBack(Duration.ofHours(1));

        Instant wrong = Instant.now().minus(Duration.ofHours(1));
        assertThat(seen()).isBetween(wrong.minus(NEAR), wrong.plus(NEAR));
    }

    private Instant seen() throws IOException {
        ProcessBuilder date = new ProcessBuilder("date", "+%s");
        date.environment().putAll(clock.environment());
        byte[] told = date.start().getInputStream().readAllBytes();
        return Instant.ofEpochSecond(Long.parseLong(new String(told, StandardCharsets.US_ASCII).strip()));
    }
}
