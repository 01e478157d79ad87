package io.pitstop.jenkins;

/** What a step ends with when its node goes away for good. */
public final class NodeLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeLost(String message) {
        super(message);
    }
}
