package io.pitstop.prove;

import io.pitstop.prove.fault.Family;
import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.fault.Scene;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.util.Set;

/**
 * Nothing goes wrong.
 *
 * @param meets whether it strikes anywhere
 */
record Harmless(String title, boolean isPossible, boolean meets) implements Fault {
    /** One that never strikes. */
    static final Fault NONE = new Harmless("no fault", true, false);

    @Override
    public Family family() {
        return Family.PEOPLE;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        return meets;
    }

    @Override
    public Passage strike(Scene scene) {
        return Passage.GO;
    }

    @Override
    public Set<Integer> exits() {
        return Set.of(0);
    }
}
