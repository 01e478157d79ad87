package io.pitstop.step.shift;

import java.time.Duration;
import java.util.List;

/** One split that was held. */
public record Baked(int percent, Duration held, List<String> verdicts) {}
