package io.pitstop.prove;

import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every action of an undisturbed release, by step, as it passed the wires, and how often: the points at which a fault can
 * strike. Nobody picks them by hand; what the code does more tomorrow is in the list tomorrow.
 */
final class Points {
    private final Map<Step, SortedMap<String, Integer>> actions = new EnumMap<>(Step.class);
    private Step now = Step.EXPAND;

    Points() {
        for (Step step : Step.values()) {
            actions.put(step, new TreeMap<>());
        }
    }

    /** What passes from now on belongs to {@code step}. */
    synchronized void begin(Step step) {
        now = step;
    }

    /** The toll of the release that is recorded. */
    synchronized Passage record(String action, Side side, OptionalInt backend) {
        if (side == Side.BEFORE) {
            actions.get(now).merge(action, 1, Integer::sum);
        }
        return Passage.GO;
    }

    synchronized SortedMap<String, Integer> of(Step step) {
        return new TreeMap<>(actions.get(step));
    }

    /** How many different actions there are, all steps together. */
    synchronized int count() {
        return actions.values().stream().mapToInt(Map::size).sum();
    }
}
