package io.pitstop.telemetry;

import io.pitstop.config.MetricsConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.http.HeaderValue;
import java.util.Map;
import java.util.Optional;

/** The secrets that receivers of figures want, from environment variables. */
record Keys(Map<String, String> environment) {
    Optional<String> of(MetricsConfig.Receiver receiver) {
        return receiver.keyVariable().map(this::value);
    }

    /** Without the values: they are secrets. */
    @Override
    public String toString() {
        return "keys";
    }

    private String value(String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new InvalidConfig(
                    "The key for metrics is to be in the environment variable " + name + ", which is not set.",
                    "Set it before you call pitstop, in Jenkins by withCredentials.");
        }
        if (!HeaderValue.isWord(value)) {
            throw new InvalidConfig(
                    "The key for metrics in the environment variable " + name
                            + " has characters that no header takes, such as the end of a line.",
                    "Set it to the key alone.");
        }
        return value;
    }
}
