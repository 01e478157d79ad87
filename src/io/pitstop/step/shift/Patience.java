package io.pitstop.step.shift;

import io.pitstop.error.DependencyFailed;
import java.util.function.Consumer;

/**
 * With a router that is looked at every second for as long as a split is held: a look without an answer tells nothing of
 * users, so that it sends nobody back. Several in a row do, as nobody knows then how users fare.
 */
public final class Patience {
    /** As many looks in a row without an answer end the bake. */
    public static final int MISSES = 3;

    private final Consumer<String> progress;
    private int missed;

    /** @param progress gets a line for each look without an answer */
    public Patience(Consumer<String> progress) {
        this.progress = progress;
    }

    /** @throws DependencyFailed what {@code look} threw, once that happened {@link #MISSES} times in a row */
    void look(Runnable look) {
        try {
            look.run();
            missed = 0;
        } catch (DependencyFailed e) {
            missed++;
            if (missed >= MISSES) {
                throw e;
            }
            progress.accept(
                    "no answer of the router (" + missed + " of " + MISSES + " looks in a row): " + e.getMessage());
        }
    }

    /** Looks once more if the last look got no answer: what is said at the end must have been seen. */
    void settle(Runnable look) {
        if (missed > 0) {
            look.run();
            missed = 0;
        }
    }
}
