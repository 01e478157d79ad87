package io.pitstop.check.usage;

/**
 * That a statement calls a function.
 *
 * @param arguments how many it gives; negative if nobody can tell
 */
public record Call(Named function, int arguments) {}
