package io.pitstop.proxy;

/** What the checks of one colour say: two good ones in a row make it healthy, two bad ones make it unhealthy. */
final class Health {
    private static final int CONVINCED = 2;

    /** @param reason why not; empty if healthy */
    record State(boolean healthy, String reason) {}

    private volatile State state = new State(false, "not checked yet");
    private int good;
    private int bad;

    State state() {
        return state;
    }

    synchronized void good() {
        bad = 0;
        good++;
        if (good >= CONVINCED) {
            state = new State(true, "");
        }
    }

    synchronized void bad(String reason) {
        good = 0;
        bad++;
        if (bad >= CONVINCED || !state.healthy()) {
            state = new State(false, reason);
        }
    }

    /** Nobody listens there: no second look is needed. */
    synchronized void refused() {
        good = 0;
        bad = CONVINCED;
        state = new State(false, "connection refused");
    }
}
