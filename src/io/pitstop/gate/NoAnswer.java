package io.pitstop.gate;

/** A question got no answer that could be judged. */
final class NoAnswer extends Exception {
    private final boolean lasting;

    private NoAnswer(String why, boolean lasting, Exception cause) {
        super(why, cause);
        this.lasting = lasting;
    }

    /** Asked again, it may be answered. */
    static NoAnswer passing(String why, Exception cause) {
        return new NoAnswer(why, false, cause);
    }

    /** The question, or who asks, is wrong: it will not be answered however often it is put. */
    static NoAnswer lasting(String why, Exception cause) {
        return new NoAnswer(why, true, cause);
    }

    boolean isLasting() {
        return lasting;
    }
}
