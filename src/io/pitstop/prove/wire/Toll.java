package io.pitstop.prove.wire;

import java.util.OptionalInt;

/** Is asked on both sides of every action of the agent. It may take its time: the action waits. */
@FunctionalInterface
public interface Toll {
    /**
     * @param action what passes, without what differs from run to run: the kind of line, and a statement, a request or a verb
     * @param backend the process in the database server that serves the session; empty on other lines
     */
    Passage pass(String action, Side side, OptionalInt backend);
}
