package io.pitstop.backfill;

import static java.util.stream.Collectors.joining;

import io.pitstop.backfill.crew.Batch;
import io.pitstop.backfill.crew.Outcome;
import io.pitstop.backfill.crew.Tally;
import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.range.FailedRow;
import io.pitstop.backfill.range.Failures;
import io.pitstop.backfill.walk.Walk;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.Quantity;
import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.database.Look;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where the rows end up that workers have set aside: they are tried again, and named if that does not help. */
final class Desk {
    private static final long PAUSE_MS = 100;
    private static final int NAMED = 5;

    private final BackfillFile file;
    private final Walk walk;
    private final Batch batch;
    private final Connection side;
    private final DatabaseConfig limits;
    private final Failures failures;
    private String inTheWay = "";

    /** @param side a session with autocommit, for questions while {@code batch} is in work */
    Desk(BackfillFile file, Walk walk, Batch batch, Connection side, DatabaseConfig limits, Failures failures) {
        this.file = file;
        this.walk = walk;
        this.batch = batch;
        this.side = side;
        this.limits = limits;
        this.failures = failures;
    }

    Walk walk() {
        return walk;
    }

    Batch batch() {
        return batch;
    }

    Connection side() {
        return side;
    }

    /**
     * Tries them again; those that somebody has locked for as long as a migration would try for its locks.
     *
     * @param tally gets the rows that are filled after all
     * @return those that cannot be filled
     */
    List<FailedRow> retryFailures(Tally tally) throws SQLException {
        long deadline = System.nanoTime() + limits.lockWithin().toNanos();
        List<FailedRow> failed = failures.list(side);
        for (FailedRow row : failed) {
            retry(row, tally);
        }
        failed = failures.list(side);
        while (failed.stream().anyMatch(FailedRow::isInTheWay) && System.nanoTime() < deadline) {
            pause();
            for (FailedRow row : failed) {
                if (row.isInTheWay()) {
                    retry(row, tally);
                }
            }
            failed = failures.list(side);
        }
        return failed;
    }

    /** What to tell of rows that cannot be filled. */
    PitstopException failure(List<FailedRow> failed) {
        String first = failed.stream().limit(NAMED).map(FailedRow::toString).collect(joining("; "));
        String more = failed.size() > NAMED ? " and " + (failed.size() - NAMED) + " more" : "";
        if (failed.stream().anyMatch(FailedRow::isInTheWay)) {
            String who = inTheWay.isEmpty() ? "" : " In the way: " + inTheWay + ".";
            FailedRow locked =
                    failed.stream().filter(FailedRow::isInTheWay).findFirst().orElseThrow();
            return new DependencyFailed(
                    file.table() + " is locked at " + locked.unit() + " " + locked.key() + " for longer than "
                            + Quantity.text(limits.lockWithin()) + "." + who + " All but " + failed.size()
                            + " rows are filled: " + first + more + ".",
                    "Wait for that transaction or end it, then run the step again to fill the rest.");
        }
        return new CheckFailed(
                file.path() + " cannot fill " + failed.size() + " rows of " + file.table() + ": " + first + more
                        + ". The others are filled.",
                "Correct the file or these rows, which SELECT * FROM pitstop.backfill_failures shows, then run the step"
                        + " again.");
    }

    private void retry(FailedRow row, Tally tally) throws SQLException {
        Look look = new Blockers(side).look(Database.pid(batch.session()));
        Outcome outcome;
        try (look) {
            outcome = batch.retry(row);
        } finally {
            if (!look.seen().isEmpty()) {
                inTheWay = Blockers.names(look.seen());
            }
        }
        if (outcome.committed()) {
            tally.add(outcome.rows());
        } else if (outcome.failure().isPresent()) {
            FailedRow again = outcome.failure().get();
            batch.note(transaction -> failures.add(transaction, again));
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("filling " + file.table() + " by " + file.name());
        }
    }
}
