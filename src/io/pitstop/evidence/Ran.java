package io.pitstop.evidence;

/**
 * A statement that ran since the look at the switch.
 *
 * @param text as the server keeps it, constants replaced by $1, $2, …
 * @param role who ran it
 * @param calls how often
 * @param ours true if Pitstop ran it
 */
public record Ran(String text, String role, long calls, boolean ours) {}
