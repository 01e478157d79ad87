package io.pitstop.prove.wire;

/** On which side of an action something happens. */
public enum Side {
    /** The agent has decided on it, and the other side does not know yet. */
    BEFORE,
    /** The other side has done it, and the agent has not heard yet. */
    AFTER;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
