package io.pitstop.explore;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One state that can be reached.
 *
 * @param from where it was reached from first; null at the beginning
 * @param by what led here from there
 */
record State(int number, Snapshot at, StateKey key, State from, String by) {
    /** The number of moves that led here. */
    int depth() {
        return from == null ? 0 : from.depth() + 1;
    }

    /** How to get here from the beginning, and what is here. */
    String path() {
        Deque<String> moves = new ArrayDeque<>();
        for (State state = this; state.from != null; state = state.from) {
            moves.addFirst(state.by);
        }
        return String.join(" > ", moves) + "\n    " + key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State state && state.number == number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
