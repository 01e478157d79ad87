package io.pitstop.jenkins;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a suspended pipeline waits for: one pipeline step, or the beginning or end of a step with a body.
 *
 * @param arguments without the body; named arguments are one map
 */
public record StepCall(String name, List<Object> arguments, Phase phase) implements Serializable {
    /** Whether a step has a body and, if so, which side of it this is. */
    public enum Phase {
        WHOLE,
        ENTER,
        EXIT
    }

    public StepCall {
        // Not List.copyOf: an argument may be null.
        arguments = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(arguments));
    }

    Object argument() {
        return arguments.isEmpty() ? null : arguments.get(0);
    }

    /** The value of a named argument; null if it was not given. */
    Object named(String argument) {
        return argument() instanceof Map<?, ?> named ? named.get(argument) : null;
    }
}
