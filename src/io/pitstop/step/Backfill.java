package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.EXPANDED;

import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillResult;
import io.pitstop.database.Statistics;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.metrics.Series;
import io.pitstop.migration.Applied;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Gives all existing rows their new values, then adds what is cheaper to add afterwards. */
public final class Backfill {
    private static final String STEP = BACKFILLED.step();

    private static final int MOST_PROCESSES = 64;
    private static final long LOOK_EVERY_MS = 250;

    private final ReleaseJournal journal;
    private final BackfillJob job;
    private final Migrations finish;
    private final Statistics statistics;
    private final Function<Colour, Series> figures;
    private final Consumer<String> progress;

    /** @param figures what the router measured for a colour since some moment, to note how users fare meanwhile */
    public Backfill(
            ReleaseJournal journal,
            BackfillJob job,
            Migrations finish,
            Statistics statistics,
            Function<Colour, Series> figures,
            Consumer<String> progress) {
        this.journal = journal;
        this.job = job;
        this.finish = finish;
        this.statistics = statistics;
        this.figures = figures;
        this.progress = progress;
    }

    /**
     * @param rows rows that this process has changed
     * @param seconds that it took for them
     * @param finished scripts of the finish migrations that this run applied
     */
    public record Result(String release, String message, long rows, double seconds, List<String> finished)
            implements StepResult {}

    /** Runs until 0 rows remain, by the files' own queries; if another process is at it, both share the work. */
    public Result run(Optional<String> id) {
        Release found = new Releases(journal).find(id);
        if (found.is(BACKFILLED) && (isPast(found) || isComplete())) {
            return new Result(found.id(), "Already backfilled; nothing left to do.", 0, 0, List.of());
        }
        refuseUnready(found);
        Optional<Lease> first = journal.tryLease(found, STEP);
        return first.isPresent() ? lead(found, first.get()) : help(found);
    }

    private Result lead(Release found, Lease own) {
        try (Lease lease = own) {
            lease.note("backfilling", Map.of());
            List<BackfillResult> done = UserFigures.during(figures, journal::now, lease, () -> job.run(lease));
            long rows = done.stream().mapToLong(BackfillResult::rows).sum();
            double seconds =
                    done.stream().mapToLong(file -> file.took().toMillis()).sum() / 1_000.0;
            Releases.refuseEnded(journal.load(found.id()));
            List<String> finished =
                    UserFigures.during(figures, journal::now, lease, () -> finish.migrate(lease)).stream()
                            .map(Applied::script)
                            .toList();
            analyze(lease);
            lease.record(BACKFILLED, Map.of("rows", rows, "seconds", seconds, "finished", finished));
            String message = "%,d rows backfilled by this process in %.1f s, 0 remain; applied %d finish migrations."
                    .formatted(rows, seconds, finished.size());
            return new Result(found.id(), message, rows, seconds, finished);
        }
    }

    /** Works beside whoever leads, until the step is done; leads if they die. */
    private Result help(Release found) {
        long began = System.nanoTime();
        long rows = 0;
        try (Lease seat = seat(found)) {
            progress.accept("another process leads the backfill of " + found.id() + "; this one helps");
            seat.note("helping", Map.of());
            while (!isDoneSince(found)) {
                long more = job.help(seat);
                rows += more;
                Optional<Lease> lead = more > 0 ? Optional.empty() : journal.tryLease(found, STEP);
                if (lead.isPresent()) {
                    return isDoneSince(found)
                            ? released(lead.get(), helped(found, rows, began))
                            : takeOver(found, lead.get());
                }
                pause();
            }
            return helped(found, rows, began);
        }
    }

    private Result takeOver(Release found, Lease lead) {
        Optional<String> problem = job.problem(found);
        if (problem.isPresent()) {
            lead.close();
            throw new CheckFailed(
                    "The process that led the backfill has failed: " + problem.get(),
                    "Do as it says, then run the step again.");
        }
        progress.accept("the process that led is gone; this one leads");
        return lead(journal.load(found.id()), lead);
    }

    private static Result released(Lease lead, Result result) {
        lead.close();
        return result;
    }

    private static Result helped(Release found, long rows, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        String message = "Helped another process with %,d rows in %.1f s; 0 remain.".formatted(rows, seconds);
        return new Result(found.id(), message, rows, seconds, List.of());
    }

    /** True once the step was recorded as done after {@code found} was read. */
    private boolean isDoneSince(Release found) {
        Release now = journal.load(found.id());
        boolean done = now.is(BACKFILLED) && !now.since(BACKFILLED).equals(found.since(BACKFILLED));
        if (!done) {
            Releases.refuseEnded(now);
        }
        return done;
    }

    /** A lease for a process that helps: what it does for the release is seen, and ends with it, like any step's. */
    private Lease seat(Release found) {
        for (int number = 2; number <= MOST_PROCESSES; number++) {
            Optional<Lease> seat = journal.tryLease(found, STEP + " " + number);
            if (seat.isPresent()) {
                return seat.get();
            }
        }
        throw new MoveRefused(
                MOST_PROCESSES + " processes work on the backfill of " + found.id() + " already.",
                "Wait for them; pitstop status shows who they are.");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("helping with the backfill");
        }
    }

    static void refuseUnready(Release release) {
        Releases.refuseEnded(release);
        release.require(EXPANDED);
    }

    /** Once contract has begun, the columns that the files' queries ask for may be gone. */
    private static boolean isPast(Release release) {
        return release.is(CONTRACT_BEGUN) || release.finishedAt().isPresent();
    }

    /** Or the new version's first statements would be planned for a table as it was before. */
    private void analyze(Lease lease) {
        lease.ensureHeld();
        List<String> analyzed = statistics.refresh(lease.step());
        if (!analyzed.isEmpty()) {
            progress.accept("analyzed " + String.join(", ", analyzed));
        }
    }

    private boolean isComplete() {
        return finish.pending().isEmpty() && job.remaining().stream().allMatch(file -> file.rows() == 0);
    }
}
