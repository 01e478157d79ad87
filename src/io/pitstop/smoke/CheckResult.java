package io.pitstop.smoke;

import java.time.Duration;

/**
 * What one check found.
 *
 * @param name what was checked
 * @param detail what was measured and what was asked for, with units; the first line stands for itself
 * @param took from the start of the check to its end
 */
public record CheckResult(String name, boolean passed, String detail, Duration took) {}
