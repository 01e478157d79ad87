package io.pitstop.evidence;

/**
 * Evidence that is not there: nothing speaks against going on, and nothing for it.
 *
 * @param kind who accepts the risk of one kind accepts no other
 * @param what is not known and why, a sentence
 * @param how to get it, one imperative sentence
 */
public record Missing(Kind kind, String what, String how) {
    /** Each stands for a risk of its own; kept by its name in the event log. */
    public enum Kind {
        /** A file of the backfill does not say when old and new values agree. */
        COMPARISON("whether old and new values agree"),
        /** The server does not count statements. */
        STATISTICS("which statements ran, as the server does not count them"),
        /** We may not see those of others. */
        PRIVILEGE("which statements others ran"),
        /** Nobody noted at the switch what had run until then. */
        LOOK("which statements ran since the switch, as nobody looked then"),
        /** What was counted since the switch was thrown away. */
        RESET("which statements ran before the statistics were reset"),
        /** There were more statements than the server can keep. */
        FORGOTTEN("which statements the server has forgotten"),
        /** Statements ran that do not show what they use. */
        UNREADABLE("what some statements use that ran"),
        /** Functions stay that use what goes. */
        LEFTOVER("whether functions that stay, and use what goes, are needed");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** What is not known then, in words. */
        @Override
        public String toString() {
            return words;
        }
    }

    @Override
    public String toString() {
        return what + " " + how;
    }
}
