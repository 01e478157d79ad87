package io.pitstop.backfill;

import io.pitstop.backfill.brake.Brakes;
import io.pitstop.backfill.brake.Pace;
import io.pitstop.backfill.brake.Usual;
import io.pitstop.backfill.crew.Batch;
import io.pitstop.backfill.crew.Crew;
import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.range.Checkpoint;
import io.pitstop.backfill.range.Extent;
import io.pitstop.backfill.range.Failures;
import io.pitstop.backfill.range.Ranges;
import io.pitstop.backfill.walk.Walk;
import io.pitstop.backfill.walk.Walks;
import io.pitstop.database.Database;
import io.pitstop.database.Pooling;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fills existing rows, one file after the other in the order of their names, each until its own query counts 0 rows
 * that remain.
 *
 * <p>One process leads: it plans each pass and knows when it is over. Any number of others help it. A run that died goes
 * on where its batches were committed; what a batch did and the note of it commit together.
 */
public final class BackfillJob {
    private final Database database;
    private final Path folder;
    private final BackfillSettings settings;
    private final Consumer<String> out;
    private final BackfillFigures.Listener listener;
    private final Usual usual = new Usual();

    /**
     * @param folder holds the files; one that does not exist holds none
     * @param out gets lines for people
     */
    public BackfillJob(Database database, Path folder, BackfillSettings settings, Consumer<String> out) {
        this(database, folder, settings, out, BackfillFigures.Listener.NONE);
    }

    /** @param listener gets what the lines say as figures, and more */
    public BackfillJob(
            Database database,
            Path folder,
            BackfillSettings settings,
            Consumer<String> out,
            BackfillFigures.Listener listener) {
        this.database = database;
        this.folder = folder;
        this.settings = settings;
        this.out = out;
        this.listener = listener;
    }

    /**
     * Fills what remains.
     *
     * @param lease that of the step, which only one process has
     * @throws io.pitstop.error.InvalidConfig if a file is wrong, naming file and line
     * @throws io.pitstop.error.MoveRefused behind a pooler in transaction mode
     * @throws io.pitstop.error.CheckFailed if rows remain that no pass fills; all others are filled
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
                Walks.of(file, side);
            }
            for (BackfillFile file : files) {
                results.add(fill(file, lease, session, side));
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
        if (files.isEmpty()) {
            out.accept("backfill: nothing to do, there are no files in " + folder);
        }
        return results;
    }

    /**
     * Works on what another process has planned, until there is nothing left to claim at the moment.
     *
     * @param lease of this process alone
     * @return rows written
     * @throws MoveRefused if that process has other files than this one
     */
    public long help(Lease lease) {
        long rows = 0;
        try (Connection side = database.connect(lease.step())) {
            for (BackfillFile file : BackfillFile.in(folder)) {
                if (isToBeDone(file, lease.release(), side)) {
                    rows += help(file, lease, side);
                }
            }
            return rows;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** Why the last run of a release failed for good; empty if none did. */
    public Optional<String> problem(Release release) {
        try (Connection side = database.connect("problem")) {
            for (BackfillFile file : BackfillFile.in(folder)) {
                Optional<String> problem = new Checkpoint(release.id(), file).problem(side);
                if (problem.isPresent()) {
                    return problem;
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
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

    private BackfillResult fill(BackfillFile file, Lease lease, Connection session, Connection side)
            throws SQLException {
        Walk walk = Walks.of(file, side);
        Pace pace = new Pace();
        Batch batch = new Batch(session, file, walk, database.config(), lease);
        Failures failures = new Failures(lease.release().id(), file.name());
        Desk desk = new Desk(file, walk, batch, side, database.config(), failures);
        Crew crew = new Crew(database, lease, work(file, walk, pace));
        try (Brakes brakes = new Brakes(database, lease, walk.table(), settings.ignored(), pace, usual)) {
            brakes.awaitFirst();
            Progress progress = progress(file, lease, side, brakes, note -> lease.note("backfill progress", note));
            Vacuum vacuum = new Vacuum(database, lease, walk.table(), crew.tally(), out);
            Crew.Meanwhile both = () -> {
                progress.run();
                vacuum.run();
            };
            try {
                BackfillResult result = new Filling(file, lease, desk, crew, both, progress::verified, out).run();
                vacuum.finish();
                return result;
            } finally {
                vacuum.stop();
            }
        }
    }

    private long help(BackfillFile file, Lease lease, Connection side) throws SQLException {
        Walk walk = Walks.of(file, side);
        Pace pace = new Pace();
        Crew crew = new Crew(database, lease, work(file, walk, pace));
        try (Brakes brakes = new Brakes(database, lease, walk.table(), settings.ignored(), pace, usual)) {
            brakes.awaitFirst();
            crew.work(progress(file, lease, side, brakes, note -> {}));
        }
        return crew.tally().rows();
    }

    private Crew.Work work(BackfillFile file, Walk walk, Pace pace) {
        Duration time = file.header().batchTime().orElse(settings.batchTime());
        return new Crew.Work(file, walk, pace, settings.workers(), settings.mostWorkers(), settings.batchRows(), time);
    }

    private Progress progress(
            BackfillFile file, Lease lease, Connection side, Brakes brakes, Consumer<Map<String, Object>> log) {
        String release = lease.release().id();
        return new Progress(
                file.name(),
                new Ranges(release, file.name()),
                new Failures(release, file.name()),
                side,
                brakes,
                new Progress.Say(out, listener, log));
    }

    private static boolean isToBeDone(BackfillFile file, Release release, Connection side) throws SQLException {
        Checkpoint checkpoint = new Checkpoint(release.id(), file);
        Extent extent = new Ranges(release.id(), file.name()).extent(side);
        if (extent.ranges() - extent.finished() <= extent.workers()) {
            return false;
        }
        if (checkpoint.load(side).isEmpty()) {
            throw new MoveRefused(
                    file.path() + " differs from the file that another process works by.",
                    "Check out the same commit on all nodes, then run the step again.");
        }
        return true;
    }
}
