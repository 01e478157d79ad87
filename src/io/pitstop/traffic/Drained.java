package io.pitstop.traffic;

/**
 * Whether a colour that has no share any more has finished what it was sent before.
 *
 * @param done true if no request of users is at the colour any more, and none will come
 * @param evidence what the router saw or what time has passed; if it is not done, what is missing
 */
public record Drained(boolean done, String evidence) {}
