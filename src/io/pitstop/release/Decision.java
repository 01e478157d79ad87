package io.pitstop.release;

import java.util.List;
import java.util.Map;

/**
 * What a person said about a step that is to be run.
 *
 * @param step the command that it is about, such as {@code contract}
 * @param approved false if it was declined
 * @param hash SHA-256 of the subject, hexadecimal
 * @param subject what would be done, line by line
 * @param reason why it was declined; empty if it was approved
 * @param person who decided, which need not be who runs the agent
 */
public record Decision(String step, boolean approved, String hash, List<String> subject, String reason, String person) {
    public Decision {
        subject = List.copyOf(subject);
    }

    /** As the event log names it. */
    String event() {
        return approved ? "approved" : "approval declined";
    }

    Map<String, Object> detail() {
        return Map.of("of", step, "hash", hash, "subject", subject, "why", reason);
    }
}
