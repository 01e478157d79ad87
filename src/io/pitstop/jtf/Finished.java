package io.pitstop.jtf;

/**
 * A command that has ended by itself.
 *
 * @param errors the end of its standard error; no sign of failure by itself
 */
record Finished(int exitCode, String errors) {}
