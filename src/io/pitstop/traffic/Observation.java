package io.pitstop.traffic;

/**
 * One thing that was looked at on a router.
 *
 * @param what it is, in a word or two
 * @param good false if it should be mended before a release
 * @param detail what was found
 * @param hint what to do; empty if it is good
 */
public record Observation(String what, boolean good, String detail, String hint) {
    public static Observation good(String what, String detail) {
        return new Observation(what, true, detail, "");
    }

    public static Observation bad(String what, String detail, String hint) {
        return new Observation(what, false, detail, hint);
    }
}
