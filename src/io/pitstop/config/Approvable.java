package io.pitstop.config;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The steps that people can be asked to approve: those that change what runs or what users get, or cannot be taken back. */
public enum Approvable {
    DEPLOY_GREEN,
    SWITCH_TRAFFIC,
    CONTRACT;

    /** The command of the step, such as {@code switch-traffic}. */
    public String step() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads the name of the command or that of the Jenkins step, such as {@code switchTraffic}; empty if it is another. */
    public static Optional<Approvable> of(String step) {
        String command = step.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return Stream.of(values()).filter(value -> value.step().equals(command)).findFirst();
    }
}
