package io.pitstop.gate;

import java.util.Map;

/** A gate that has to know no more of the bake than since when it watches, and what it has seen. */
interface Vigilant extends Gate {
    Vigil vigil();

    @Override
    default void begin() {
        vigil().begin();
    }

    @Override
    default void resume(Map<String, Object> memory) {
        vigil().resume(memory);
    }

    @Override
    default Map<String, Object> memory() {
        return vigil().memory();
    }
}
