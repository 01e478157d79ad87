package io.pitstop.prove.wire;

/** What becomes of an action that has reached the wire. */
public enum Passage {
    /** It goes on. */
    GO,
    /** The line is cut, without a word to either side. */
    CUT,
    /** The other side says no, and does nothing; a database, because its disk is full. */
    REFUSE,
    /** The router says that it is asked too often, and does nothing. */
    THROTTLE,
    /** The router tells the split that held before the last order. */
    STALE
}
