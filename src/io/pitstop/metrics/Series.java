package io.pitstop.metrics;

/**
 * Figures that a system counts from some start of its own.
 *
 * @param id another one means that it began to count from 0 again; empty if the system does not tell
 * @param total what it has counted so far; two of one series subtracted give a window
 */
public record Series(String id, Figures total) {}
