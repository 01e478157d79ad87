package io.pitstop.demo;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast users moved, each from the order to the router; empty if no request showed it.
 *
 * @param firstOnGreen until the first request was on green, after the first shift of the canary
 * @param allOnGreen until all requests were on green, after its last shift
 * @param firstOnBlue until the first request was back on blue, after the rollback
 * @param allOnBlue until all requests were back on blue
 */
record Moves(
        Optional<Duration> firstOnGreen,
        Optional<Duration> allOnGreen,
        Optional<Duration> firstOnBlue,
        Optional<Duration> allOnBlue) {}
