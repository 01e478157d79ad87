package io.pitstop.migration;

import io.pitstop.config.Quantity;
import io.pitstop.database.Waiter;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A script that was ended because the application waited for it: how often that is tried again, and what is said of it. */
final class HeldUp {
    private static final int TRIES = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int LONGER = 3;

    private final Path file;
    private final Run run;
    private int times;

    HeldUp(Path file, Run run) {
        this.file = file;
        this.run = run;
    }

    /**
     * Leaves the application alone for a while before the next try: it may have been a bad moment.
     *
     * @param failure how the script ended
     * @throws MoveRefused if that was the last try
     */
    void pause(Exception failure, Waiter waiter) {
        times++;
        if (times == TRIES) {
            throw refusal(failure, waiter, "Cancelled and rolled back " + TRIES + " times; nothing of it is left.");
        }
        long millis = FIRST_PAUSE.toMillis() * (times == 1 ? 1 : LONGER);
        run.say(file, "was cancelled and rolled back, for " + waiter + "; the next try follows in " + millis + " ms");
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing(
                    "waiting before the next try of " + file + ". Nothing of it is left. " + run.before());
        }
    }

    /** @param left what is left of the script, one sentence */
    MoveRefused refusal(Exception failure, Waiter waiter, String left) {
        return new MoveRefused(
                ScriptFailure.place(failure, file) + " made the application wait longer than database.lockTimeout, "
                        + Quantity.text(run.limits().lockTimeout()) + ": " + waiter + "." + " "
                        + ScriptFailure.statement(failure) + left + " " + run.before(),
                "Run pitstop check: the rule that it names for this statement has the way that does its work without the"
                        + " lock, such as NOT VALID and then VALIDATE, CONCURRENTLY, or a backfill.",
                failure);
    }
}
