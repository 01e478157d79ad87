package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.EXPANDED;

import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.migration.Applied;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.PlannedContract;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens a release and adds to the schema what both versions can live with. */
public final class MigrateExpand {
    private static final String STEP = EXPANDED.step();

    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final Environments environments;
    private final Migrations expand;
    private final PlannedContract planned;
    private final ScriptSafety safety;

    /** @param contract noted as it is when the release begins, and held to by the step contract */
    public MigrateExpand(
            ReleaseJournal journal,
            TrafficRouter router,
            Environments environments,
            Migrations expand,
            Migrations contract,
            ScriptSafety safety) {
        this.journal = journal;
        this.router = router;
        this.environments = environments;
        this.expand = expand;
        this.planned = new PlannedContract(journal, contract);
        this.safety = safety;
    }

    /** @param candidate the colour that will get the new version */
    public record Result(String release, String message, String version, Colour candidate, List<String> applied)
            implements StepResult {}

    /**
     * @param version what to release; may be empty if a release is under way
     * @throws MoveRefused if another version's release is unfinished or named, if a script is unsafe, if traffic is not all
     *     on one colour, or if contract has begun and there is something left to expand
     */
    public Result run(Optional<String> id, Optional<String> version) {
        Optional<Release> found = id.map(name -> named(name, version)).or(() -> find(version));
        if (found.isPresent() && found.get().is(CONTRACTED)) {
            Release ended = found.get();
            return result(ended, ended.id() + " has ended: " + ended.version() + " is live.", List.of());
        }
        found.ifPresent(Releases::refuseEnded);
        String wanted = found.map(Release::version).orElseGet(() -> wanted(version));
        List<String> warnings = isExpanded(found) ? List.of() : safety.beforeExpand();
        Release release = found.orElseGet(() -> open(wanted));
        try (Lease lease = journal.lease(release, STEP)) {
            Release now = journal.load(release.id());
            planned.note(lease, now);
            if (isExpanded(Optional.of(now))) {
                return result(release, "Already expanded; nothing left to do.", List.of());
            }
            refuseAfterContract(now);
            lease.note("expanding", Map.of("version", release.version(), "warnings", warnings));
            if (now.is(BACKFILLED) && !expand.pending().isEmpty()) {
                // Before the first script, which may bring rows to fill: the switch asks for this fact alone.
                lease.revoke(BACKFILLED, "there is more to expand");
            }
            List<String> applied = expand(lease);
            lease.record(EXPANDED, Map.of("applied", applied));
            return result(release, "Applied " + applied.size() + " expand migrations.", applied);
        }
    }

    private List<String> expand(Lease lease) {
        return UserFigures.during(router::figures, journal::now, lease, () -> expand.migrate(lease)).stream()
                .map(Applied::script)
                .toList();
    }

    private boolean isExpanded(Optional<Release> release) {
        return release.isPresent()
                && release.get().is(EXPANDED)
                && expand.pending().isEmpty();
    }

    private Release named(String id, Optional<String> version) {
        Release release = journal.load(id);
        version.filter(wanted -> !wanted.equals(release.version())).ifPresent(wanted -> {
            throw new MoveRefused(
                    "Release " + id + " brings " + release.version() + ", not " + wanted + ".",
                    "Leave out --version to go on with it, or --release to open another.");
        });
        return release;
    }

    private Optional<Release> find(Optional<String> version) {
        Optional<Release> unfinished = journal.unfinished();
        if (unfinished.isPresent()) {
            unfinished.ifPresent(release -> refuseOther(release, version));
            return unfinished;
        }
        return journal.latest().filter(last -> last.is(CONTRACTED) && version.equals(Optional.of(last.version())));
    }

    static void refuseOther(Release unfinished, Optional<String> version) {
        version.filter(wanted -> !wanted.equals(unfinished.version())).ifPresent(wanted -> {
            throw MoveRefused.busy(
                    unfinished.id(),
                    "Release " + unfinished.id() + " is unfinished, so " + wanted + " cannot start.",
                    "Finish it with pitstop contract, or give it up with pitstop rollback --abandon.");
        });
    }

    private static void refuseAfterContract(Release release) {
        if (release.is(CONTRACT_BEGUN)) {
            throw new MoveRefused(
                    "Contract of release " + release.id() + " has begun, so it cannot expand any more.",
                    "Run pitstop contract to its end, then add the migrations with the next release.");
        }
    }

    private static String wanted(Optional<String> version) {
        String wanted = version.orElseThrow(() -> new InvalidConfig(
                "No release is under way, and no version was given.", "Add --version VERSION to open one."));
        if (!wanted.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")) {
            throw new InvalidConfig(
                    "--version is '" + wanted + "'.", "Use letters, digits and . _ + - only, at most 64 of them.");
        }
        return wanted;
    }

    private Release open(String wanted) {
        Colour live = live();
        String from = environments.find(live).map(Environment::version).orElse("");
        return journal.open(wanted, from, live.other());
    }

    private Colour live() {
        Split split = router.split();
        return Stream.of(Colour.values())
                .filter(split::isAllTo)
                .findFirst()
                .orElseThrow(
                        () -> new MoveRefused(
                                "Traffic is split: " + split + ".",
                                "Put it all on the colour that should stay with pitstop rollback --without-journal --to COLOUR."));
    }

    private static Result result(Release release, String message, List<String> applied) {
        return new Result(release.id(), message, release.version(), release.candidate(), applied);
    }
}
