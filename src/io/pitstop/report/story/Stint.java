package io.pitstop.report.story;

import java.time.Instant;

/**
 * One run of a step, from its intent to its outcome.
 *
 * @param step the command
 * @param from when it noted what it was about to do
 * @param until when it noted its outcome; of a run without one, when it was heard of last
 */
public record Stint(String step, Instant from, Instant until, Ending ending) {
    /** How a run ended. */
    public enum Ending {
        DONE("done", "✓"),
        FAILED("failed", "✗"),
        /** Left on purpose, for a later run to go on with. */
        HELD("held, to be gone on with", "…"),
        /** It had begun, and found that it must not go on. */
        REFUSED("refused", "!"),
        RUNNING("running", "…"),
        CUT_SHORT("ended without an outcome", "?");

        private final String words;
        private final String sign;

        Ending(String words, String sign) {
            this.words = words;
            this.sign = sign;
        }

        public String words() {
            return words;
        }

        /** One character that tells it without colour. */
        public String sign() {
            return sign;
        }
    }
}
