package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.EXPANDED;

import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillResult;
import io.pitstop.database.Statistics;
import io.pitstop.migration.Applied;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives all existing rows their new values, then adds what is cheaper to add afterwards. */
public final class Backfill {
    private static final String STEP = BACKFILLED.step();

    private final ReleaseJournal journal;
    private final BackfillJob job;
    private final Migrations finish;
    private final Statistics statistics;
    private final Consumer<String> progress;

    public Backfill(
            ReleaseJournal journal,
            BackfillJob job,
            Migrations finish,
            Statistics statistics,
            Consumer<String> progress) {
        this.journal = journal;
        this.job = job;
        this.finish = finish;
        this.statistics = statistics;
        this.progress = progress;
    }

    /**
     * @param rows rows that were changed by this release's backfill
     * @param seconds that its batches took
     * @param finished scripts of the finish migrations that this run applied
     */
    public record Result(String release, String message, long rows, double seconds, List<String> finished)
            implements StepResult {}

    /** Runs until 0 rows remain, by the files' own queries. */
    public Result run(Optional<String> id) {
        Release found = new Releases(journal).find(id);
        if (found.is(BACKFILLED) && (isPast(found) || isComplete())) {
            return new Result(found.id(), "Already backfilled; nothing left to do.", 0, 0, List.of());
        }
        refuseUnready(found);
        try (Lease lease = journal.lease(found, STEP)) {
            lease.note("backfilling", Map.of());
            List<BackfillResult> done = job.run(lease);
            long rows = done.stream().mapToLong(BackfillResult::rows).sum();
            double seconds =
                    done.stream().mapToLong(file -> file.took().toMillis()).sum() / 1_000.0;
            List<String> finished =
                    finish.migrate(lease).stream().map(Applied::script).toList();
            analyze(lease);
            lease.record(BACKFILLED, Map.of("rows", rows, "seconds", seconds, "finished", finished));
            String message = "%,d rows backfilled in %.1f s, 0 remain; applied %d finish migrations."
                    .formatted(rows, seconds, finished.size());
            return new Result(found.id(), message, rows, seconds, finished);
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
