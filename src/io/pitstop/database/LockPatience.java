package io.pitstop.database;

import static java.util.stream.Collectors.joining;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.Quantity;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries to do something that needs strong locks again and again until all of them are free at once, so that nobody
 * waits for us longer than {@code database.lockTimeout}.
 *
 * <p>A try that does not get a lock is undone, which gives back the locks that it did get: it must not keep one while it
 * waits for the next.
 */
public final class LockPatience {
    /** A transaction this old was there through all the tries before the look at it. */
    private static final Duration LASTING = Duration.ofSeconds(1);

    private static final Set<String> NOT_FREE = Set.of("55P03", "40P01");

    private final DatabaseConfig limits;
    private final Blockers blockers;
    private final int pid;
    private final Task task;
    private final Ladder ladder;
    private List<Blocker> seen = List.of();
    private List<Blocker> inTheWay = List.of();
    private String said = "";

    /**
     * What is tried.
     *
     * @param name as the operator knows it
     * @param say gets a line whenever it turns out who is in the way
     * @param left what state things are in if it is given up, one sentence or more
     */
    public record Task(String name, Consumer<String> say, Supplier<String> left) {}

    /** One try. */
    public interface Attempt<T> {
        /** @return empty if a lock was not free within {@code lockTimeoutMs} */
        Optional<T> within(long lockTimeoutMs) throws SQLException;
    }

    /** Takes back what a try did that did not get all its locks. */
    public interface Undo {
        void run() throws SQLException;
    }

    /**
     * @param blockers asked from beside who is in the way
     * @param pid the session of the server that tries
     */
    public LockPatience(DatabaseConfig limits, Blockers blockers, int pid, Task task) {
        this.limits = limits;
        this.blockers = blockers;
        this.pid = pid;
        this.task = task;
        this.ladder = new Ladder(limits.lockTimeout(), ThreadLocalRandom.current());
    }

    /** True if a statement would have had to wait for somebody else's lock; it can be tried again. */
    public static boolean isNotFree(SQLException e) {
        return NOT_FREE.contains(String.valueOf(e.getSQLState()));
    }

    /**
     * Returns what the first try gives that gets its locks.
     *
     * @throws DependencyFailed naming who was in the way, if that takes longer than {@code database.lockWithin}
     * @throws Interrupted if the thread is interrupted between two tries
     */
    public <T> T untilFree(Attempt<T> attempt, Undo undo) throws SQLException {
        long deadline = System.nanoTime() + limits.lockWithin().toNanos();
        for (int tries = 1; ; tries++) {
            boolean last = System.nanoTime() > deadline;
            if (last) {
                ladder.waitNext(); // the only way to see whom to name
            }
            Optional<T> result = ladder.waits() ? watched(attempt) : attempt.within(ladder.timeoutMs());
            if (result.isPresent()) {
                return result.get();
            }
            undo.run();
            if (last) {
                throw gaveUp(tries);
            }
            if (ladder.waits() && !seen.isEmpty()) {
                blockers.sendVacuumAway(seen);
            }
            ladder.failed(isStarved());
            pause();
        }
    }

    private <T> Optional<T> watched(Attempt<T> attempt) throws SQLException {
        Look look = blockers.look(pid);
        try (look) {
            return attempt.within(ladder.timeoutMs());
        } finally {
            seen = look.seen();
            if (!seen.isEmpty()) {
                inTheWay = seen;
                sayWhoIsInTheWay();
            }
        }
    }

    private boolean isStarved() {
        return seen.stream().noneMatch(blocker -> blocker.age().compareTo(LASTING) > 0);
    }

    private void sayWhoIsInTheWay() {
        String pids = inTheWay.stream().map(blocker -> "" + blocker.pid()).collect(joining(" "));
        if (!pids.equals(said)) {
            said = pids;
            task.say().accept("waits for a lock; in the way: " + names());
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ladder.pauseMs());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for the locks of " + task.name() + ". "
                    + task.left().get());
        }
    }

    private DependencyFailed gaveUp(int tries) {
        return new DependencyFailed(
                task.name() + " did not get its locks within " + Quantity.text(limits.lockWithin()) + " and " + tries
                        + " tries. In the way: " + names() + ". " + task.left().get(),
                Blockers.hint(inTheWay) + ".");
    }

    private String names() {
        return inTheWay.isEmpty() ? "many short transactions, none of which could be seen" : Blockers.names(inTheWay);
    }
}
