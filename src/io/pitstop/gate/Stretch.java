package io.pitstop.gate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The part of a bake that one process watches.
 *
 * @param time how long it watches; zero for one look
 * @param last true if the bake is over then, and a gate that still cannot tell is unhealthy
 * @param memories what the gates remember of the stretches before, in their order; empty in the first stretch
 */
public record Stretch(Duration time, boolean last, List<Map<String, Object>> memories) {
    public Stretch {
        memories = List.copyOf(memories);
    }

    /** A bake that one process watches from its begin to its end. */
    public static Stretch whole(Duration time) {
        return new Stretch(time, true, List.of());
    }

    boolean isOfNoTime() {
        return time.isZero() && last && memories.isEmpty();
    }
}
