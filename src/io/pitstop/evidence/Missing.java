package io.pitstop.evidence;

/**
 * Evidence that is not there: nothing speaks against going on, and nothing for it.
 *
 * @param what is not known and why, a sentence
 * @param how to get it, one imperative sentence
 */
public record Missing(String what, String how) {
    @Override
    public String toString() {
        return what + " " + how;
    }
}
