package io.pitstop.jtf;

import java.time.Duration;

/**
 * How long Terraform may take.
 *
 * @param command longest time for one command; it is interrupted afterwards
 * @param grace time for an interrupted command to finish what it is at and to save its state, before it is killed
 * @param lock how long to wait for a state that somebody else has locked
 */
public record Limits(Duration command, Duration grace, Duration lock) {
    public Limits {
        if (command.isNegative() || command.isZero() || grace.isNegative() || lock.isNegative()) {
            throw new IllegalArgumentException("a limit is not below 0, and that of a command is above it");
        }
    }
}
