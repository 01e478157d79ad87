package io.pitstop.gate;

/**
 * A gate's answer, with what it rests on.
 *
 * @param gate name of the gate, such as {@code router errors}
 * @param answer healthy, unhealthy, or too few samples to tell
 * @param value what was measured, with its unit; why there is no value if there is none
 * @param threshold what was asked for, with its unit
 * @param samples number of observations in the window
 * @param source the system that was asked
 * @param window the time that was looked at
 */
public record Verdict(
        String gate, Answer answer, String value, String threshold, long samples, String source, String window) {
    /** A verdict on all that was seen since the bake began. */
    public Verdict(String gate, Answer answer, String value, String threshold, long samples, String source) {
        this(gate, answer, value, threshold, samples, source, "since the bake began");
    }

    /** What a gate can say. */
    public enum Answer {
        HEALTHY,
        UNHEALTHY,
        /** Not enough data yet; at the end of a bake this counts as unhealthy. */
        UNDECIDED
    }

    /** This verdict as the last word of a bake: who still cannot tell is not healthy. */
    Verdict atTheEnd() {
        return answer == Answer.UNDECIDED
                ? new Verdict(gate, Answer.UNHEALTHY, value, threshold, samples, source, window)
                : this;
    }

    @Override
    public String toString() {
        return gate + ": " + value + " (limit " + threshold + ", " + samples + " samples, " + source + ", " + window
                + ")";
    }
}
