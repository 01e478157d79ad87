package io.pitstop.config;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The steps that people can be asked to approve: those that change what users get, or cannot be taken back. */
public enum Approvable {
    SWITCH_TRAFFIC,
    CONTRACT;

    /** The command of the step, such as {@code switch-traffic}. */
    public String step() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads the command's name; empty if it is anything else. */
    public static Optional<Approvable> of(String step) {
        return Stream.of(values()).filter(value -> value.step().equals(step)).findFirst();
    }
}
