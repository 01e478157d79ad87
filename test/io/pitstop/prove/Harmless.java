package io.pitstop.prove;

import io.pitstop.prove.fault.Family;
import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.fault.Scene;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.util.Set;

/** Nothing goes wrong. */
final class NoFault implements Fault {
    @Override
    public Family family() {
        return Family.PEOPLE;
    }

    @Override
    public String title() {
        return "no fault";
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        return false;
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
