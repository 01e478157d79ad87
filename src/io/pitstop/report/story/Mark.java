package io.pitstop.report.story;

import java.time.Instant;

/** A moment that matters to all lanes: approval, switch, failure, way back, end. */
public record Mark(int number, Instant at, String words) {}
