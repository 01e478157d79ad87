package io.pitstop.gate;

import java.util.Map;

/** A yes/no question put to a real system while a split bakes. */
public interface Gate extends AutoCloseable {
    /** Starts a new window of observation; called when a bake begins. */
    void begin();

    /**
     * Goes on with an observation that another process began.
     *
     * @param memory what {@link #memory()} gave there; plain data
     */
    default void resume(Map<String, Object> memory) {
        begin();
    }

    /** What a later process has to know to go on with this observation, as plain data; empty if it is nothing. */
    default Map<String, Object> memory() {
        return Map.of();
    }

    /** Gives back what it has asked by. */
    @Override
    default void close() {}

    /** Asks now. A question that got no answer is an unhealthy verdict, not an exception. */
    Verdict judge();
}
