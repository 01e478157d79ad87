package io.pitstop.prove;

import io.pitstop.demo.witness.Witness;
import io.pitstop.prove.fault.Scene;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import io.pitstop.prove.wire.Toll;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets everything pass but the one action of a trial, and what its fault reaches after that. */
final class Striker implements Toll {
    /** The phase of the witness in which users may suffer from the fault itself. */
    static final String FAULT = "fault";

    private final Trial trial;
    private final Scene scene;
    private final Witness witness;
    private final AtomicBoolean struck = new AtomicBoolean();
    private int passed;

    Striker(Trial trial, Scene scene, Witness witness) {
        this.trial = trial;
        this.scene = scene;
        this.witness = witness;
    }

    @Override
    public Passage pass(String action, Side side, OptionalInt backend) {
        if (!isIt(action, side)) {
            return struck.get() ? trial.fault().linger(scene, action, side) : Passage.GO;
        }
        scene.at(action, side, backend);
        if (trial.fault().hurtsUsers()) {
            witness.outage(FAULT);
        }
        return trial.fault().strike(scene);
    }

    boolean hasStruck() {
        return struck.get();
    }

    private synchronized boolean isIt(String action, Side side) {
        boolean equal = side == trial.side() && action.equals(trial.action());
        passed += equal ? 1 : 0;
        return equal && passed == trial.occurrence() && struck.compareAndSet(false, true);
    }
}
