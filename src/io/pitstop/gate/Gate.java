package io.pitstop.gate;

/** A yes/no question put to a real system while a split bakes. */
public interface Gate {
    /** Starts a new window of observation; called when a bake begins. */
    void begin();

    /** Asks now. A question that got no answer is an unhealthy verdict, not an exception. */
    Verdict judge();
}
