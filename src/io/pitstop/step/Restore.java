package io.pitstop.step;

import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.RESTORED;

import io.pitstop.archive.Restoration;
import io.pitstop.archive.Restored;
import io.pitstop.archive.Restored.Problem;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.database.Statistics;
import io.pitstop.error.MoveRefused;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings back from the archive what contract dropped: structure, rows, grants. Users stay where they are. */
public final class Restore {
    private static final String STEP = RESTORED.step();

    private final ReleaseJournal journal;
    private final Opening archive;
    private final BackfillJob reverse;
    private final Migrations contract;
    private final Statistics statistics;
    private final Consumer<String> progress;

    /**
     * @param reverse fills what the archive does not know
     * @param contract forgets the scripts of a contract that was taken back before its end
     */
    public Restore(
            ReleaseJournal journal,
            Opening archive,
            BackfillJob reverse,
            Migrations contract,
            Statistics statistics,
            Consumer<String> progress) {
        this.journal = journal;
        this.archive = archive;
        this.reverse = reverse;
        this.contract = contract;
        this.statistics = statistics;
        this.progress = progress;
    }

    /** Opens the archive; see {@link Restoration#begin}. */
    public interface Opening {
        Restoration begin(Lease lease, boolean strict);
    }

    /**
     * @param restored objects that are back
     * @param rows that have their archived values again
     * @param changed of these, rows that were written since the contract: their values may be older than other columns'
     * @param unknown rows that were inserted since: their values are not in the archive
     * @param problems what is not back, or not as it was
     */
    public record Result(
            String release,
            String message,
            List<String> restored,
            long rows,
            long changed,
            long unknown,
            List<Problem> problems)
            implements StepResult {}

    /** @throws MoveRefused if contract has not begun, or another release is under way; nothing is touched */
    public Result run(Optional<String> id) {
        Release found = new Releases(journal).find(id);
        refuseOther(found);
        refuseUncontracted(found);
        try (Lease lease = journal.lease(found, STEP);
                Lease noContract = journal.lease(found, CONTRACTED.step())) {
            noContract.ensureHeld();
            Release release = journal.load(found.id());
            refuseUncontracted(release);
            boolean latest = journal.latest()
                    .filter(last -> last.id().equals(release.id()))
                    .isPresent();
            try (Restoration restoration = archive.begin(lease, latest)) {
                refuseUnarchived(release, restoration);
                return run(lease, release, restoration, latest);
            }
        }
    }

    private Result run(Lease lease, Release release, Restoration restoration, boolean latest) {
        if (release.is(RESTORED) && !restoration.hasMore()) {
            String message = "Already restored; nothing left to do.";
            return new Result(release.id(), message, List.of(), 0, 0, 0, List.of());
        }
        lease.note("restoring", Map.of("scripts", restoration.scripts(), "strict", latest));
        restoration.bringBack();
        if (latest) {
            reverse.run(lease);
        }
        Restored restored = restoration.bind();
        lease.ensureHeld();
        statistics.refresh(lease.step());
        boolean undone = undo(lease, release, restoration, restored);
        restored.problems().forEach(problem -> progress.accept("not restored: " + text(problem)));
        return new Result(
                release.id(),
                message(release, restored, undone),
                restored.objects(),
                restored.rows(),
                restored.changed(),
                restored.unknown(),
                restored.problems());
    }

    /**
     * Records the outcome.
     *
     * @return true if the contract had not come to its end and all is as before it began
     */
    private boolean undo(Lease lease, Release release, Restoration restoration, Restored restored) {
        Map<String, Object> detail = Map.of(
                "rows", restored.rows(),
                "changed", restored.changed(),
                "unknown", restored.unknown(),
                "problems", restored.problems().stream().map(Restore::text).toList());
        boolean undone = !release.is(CONTRACTED) && restored.problems().isEmpty();
        if (undone) {
            contract.forget(lease, restoration.scripts());
            lease.record(RESTORED, CONTRACT_BEGUN, detail);
        } else {
            lease.record(RESTORED, detail);
        }
        return undone;
    }

    private void refuseOther(Release release) {
        journal.unfinished().filter(other -> !other.id().equals(release.id())).ifPresent(other -> {
            throw MoveRefused.busy(
                    other.id(),
                    "Release " + other.id() + " is unfinished, so " + release.id() + " cannot be restored.",
                    "Finish it with pitstop contract, or give it up with pitstop rollback --abandon.");
        });
    }

    private static void refuseUncontracted(Release release) {
        if (!release.is(CONTRACTED) && !release.is(CONTRACT_BEGUN) && !release.is(RESTORED)) {
            throw new MoveRefused(
                    "Contract of release " + release.id() + " has dropped nothing.",
                    release.finishedAt().isPresent()
                            ? "Name the release to restore with --release; pitstop archive list shows them."
                            : "Go back with pitstop rollback.");
        }
    }

    private static void refuseUnarchived(Release release, Restoration restoration) {
        if (restoration.scripts().isEmpty() && !release.is(RESTORED)) {
            throw new MoveRefused(
                    "Nothing that the contract of " + release.id() + " dropped is in the archive.",
                    "Restore it from a backup.");
        }
    }

    private static String message(Release release, Restored restored, boolean undone) {
        StringBuilder message = new StringBuilder(String.format(
                Locale.ROOT,
                "%d objects and %,d rows are back",
                restored.objects().size(),
                restored.rows()));
        if (restored.changed() > 0) {
            message.append(String.format(
                    Locale.ROOT, "; %,d of the rows were written since the contract", restored.changed()));
        }
        if (restored.unknown() > 0) {
            message.append(String.format(
                    Locale.ROOT, "; of %,d rows inserted since the archive knows nothing", restored.unknown()));
        }
        if (!restored.problems().isEmpty()) {
            message.append("; not back, or not as they were: ")
                    .append(restored.problems().size())
                    .append(", see above");
        }
        return message.append(". ").append(possible(release, undone)).toString();
    }

    /** What can be done now. */
    private static String possible(Release release, boolean undone) {
        if (undone) {
            return "Contract has not begun any more: rollback is possible again, and so is contract.";
        }
        if (!release.is(CONTRACTED)) {
            return "Contract has begun, so there is no rollback: mend what is missing and restore again, or run contract.";
        }
        String old = release.fromVersion().isEmpty() ? "The old version" : release.fromVersion();
        return old + " finds its schema again, but there is no rollback: bring it back with a release of its own,"
                + " pitstop migrate-expand --version VERSION.";
    }

    private static String text(Problem problem) {
        return problem.object() + ": " + problem.reason() + (problem.sql().isEmpty() ? "" : " (" + problem.sql() + ")");
    }
}
