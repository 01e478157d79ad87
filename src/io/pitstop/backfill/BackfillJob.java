package io.pitstop.backfill;

import io.pitstop.database.Database;
import io.pitstop.database.Pooling;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Fills existing rows, one file after the other in the order of their names, each until its own query counts 0 rows
 * that remain.
 *
 * <p>A run that died goes on where the last batch was committed; what a batch did and the note of it commit together.
 */
public final class BackfillJob {
    /** Rows a batch: more hardly helps, and fewer cost a noticeable share of the speed. */
    public static final int DEFAULT_BATCH_ROWS = 10_000;

    private final Database database;
    private final Path folder;
    private final int batchRows;
    private final Consumer<String> out;

    /**
     * @param folder holds the files; one that does not exist holds none
     * @param batchRows most rows that one transaction touches, at least 1
     * @param out gets lines for people
     */
    public BackfillJob(Database database, Path folder, int batchRows, Consumer<String> out) {
        if (batchRows < 1) {
            throw new IllegalArgumentException("a batch of " + batchRows + " rows");
        }
        this.database = database;
        this.folder = folder;
        this.batchRows = batchRows;
        this.out = out;
    }

    /**
     * Fills what remains.
     *
     * @throws io.pitstop.error.InvalidConfig if a file is wrong, naming file and line
     * @throws io.pitstop.error.MoveRefused behind a pooler in transaction mode
     * @throws io.pitstop.error.CheckFailed if rows remain that no pass fills
     * @throws io.pitstop.error.DependencyFailed if a row was locked for too long or the database failed; running again
     *     goes on from there
     * @throws io.pitstop.error.Interrupted if the thread is interrupted, after the batch in work
     */
    public List<BackfillResult> run(Lease lease) {
        List<BackfillFile> files = BackfillFile.in(folder);
        List<BackfillResult> results = new ArrayList<>();
        try (Connection session = database.connect(lease.step());
                Connection side = database.connect(lease.step())) {
            Pooling.refuse(database, side, lease.step());
            for (BackfillFile file : files) {
                Keys.of(file, side);
            }
            for (BackfillFile file : files) {
                results.add(new Walk(file, lease, new Batch(session, side, database.config()), batchRows, out).run());
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
        if (files.isEmpty()) {
            out.accept("backfill: nothing to do, there are no files in " + folder);
        }
        return results;
    }

    /** Counts what is not filled, by each file's own query; takes a scan of the table unless an index serves it. */
    public List<Remaining> remaining() {
        List<Remaining> remaining = new ArrayList<>();
        try (Connection side = database.connect("remaining")) {
            for (BackfillFile file : BackfillFile.in(folder)) {
                remaining.add(new Remaining(file.name(), Counting.remaining(file, side), file.remainingRows()));
            }
            return remaining;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }
}
