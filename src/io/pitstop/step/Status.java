package io.pitstop.step;

import static java.util.stream.Collectors.joining;

import io.pitstop.config.Approvable;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Approval;
import io.pitstop.release.Colour;
import io.pitstop.release.Decision;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.LeaseHolder;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.shift.PendingBake;
import io.pitstop.step.shift.Trail;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How far a release is, from the journal and from the router. Changes nothing. */
public final class Status {
    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final Duration contractAfter;
    private final Set<Approvable> demanded;

    /**
     * @param contractAfter how long a switch must have lasted before contract
     * @param demanded the steps that nobody may run without an approval
     */
    public Status(
            ReleaseJournal journal, TrafficRouter router, Duration contractAfter, Collection<Approvable> demanded) {
        this.journal = journal;
        this.router = router;
        this.contractAfter = contractAfter;
        this.demanded = Set.copyOf(demanded);
    }

    /**
     * @param facts what holds, by name, with the time since when
     * @param traffic the router's own words; why it cannot be asked if it cannot
     * @param approvals what people decided about its steps, oldest first
     * @param baking the split that is held although no run of switch-traffic watches it; empty if there is none
     * @param running who works on which step now
     * @param next what may be run next, in words; empty if the release has ended
     * @param contractDue when contract may run; empty before the switch and after the end
     * @param contractDueInSeconds how long that is from now, 0 if it may run now
     */
    public record Report(
            String release,
            String message,
            String application,
            String version,
            String fromVersion,
            Colour candidate,
            Instant openedAt,
            Optional<Instant> finishedAt,
            Map<String, Instant> facts,
            List<Decided> approvals,
            List<String> traffic,
            Optional<Baking> baking,
            List<LeaseHolder> running,
            List<String> next,
            Optional<Instant> contractDue,
            Optional<Long> contractDueInSeconds,
            List<Event> events)
            implements StepResult {
        /** True if what happened then still matters: the end of a release settles what came before it. */
        public boolean isUnsettled(Instant at) {
            return finishedAt.map(at::isAfter).orElse(true);
        }
    }

    /**
     * A split whose bake goes on between two runs of switch-traffic.
     *
     * @param wakeInSeconds until switch-traffic should be run again; 0 if that is due
     */
    public record Baking(String split, Instant since, Instant until, long wakeInSeconds) {}

    /**
     * One decision.
     *
     * @param words such as {@code approved by ann at 2026-01-01T10:00:00Z}
     * @param hash of what was decided about
     */
    public record Decided(
            String step, boolean approved, String person, String build, Instant at, String hash, String words) {
        static Decided from(Approval approval) {
            Decision said = approval.decision();
            return new Decided(
                    said.step(),
                    said.approved(),
                    said.person(),
                    approval.build(),
                    approval.at(),
                    said.hash(),
                    approval.toString());
        }
    }

    /** Empty if there has never been a release. */
    public Optional<Report> read(Optional<String> id) {
        return id.map(journal::load).or(journal::unfinished).or(journal::latest).map(this::report);
    }

    private Report report(Release release) {
        Map<String, Instant> facts = new TreeMap<>();
        release.facts().forEach((fact, at) -> facts.put(fact.words(), at));
        Optional<Instant> due = contractDue(release);
        List<Approval> approvals = journal.approvals(release);
        Optional<Baking> baking = Trail.of(journal, release).bake().map(this::baking);
        return new Report(
                release.id(),
                message(release)
                        + Retirement.of(journal, release)
                                .map(retirement -> " " + retirement)
                                .orElse(""),
                release.application(),
                release.version(),
                release.fromVersion(),
                release.candidate(),
                release.openedAt(),
                release.finishedAt(),
                facts,
                approvals.stream().map(Decided::from).toList(),
                traffic(),
                baking,
                journal.holders(release),
                Stream.concat(toApprove(release, approvals), next(release).stream())
                        .toList(),
                due,
                due.map(at -> Math.max(0, (Duration.between(journal.now(), at).toMillis() + 999) / 1_000)),
                journal.events(release));
    }

    private Baking baking(PendingBake left) {
        return new Baking(left.split().toString(), left.since(), left.until(), left.wakeInSeconds(journal.now()));
    }

    /** Who serves users, in the router's own words, or why it cannot be asked; needs no journal. */
    public List<String> traffic() {
        try {
            Split split = router.split();
            Stream<String> health = Stream.of(Colour.values()).map(colour -> colour + ": " + router.health(colour));
            Stream<String> kept = Stream.of(Colour.values())
                    .filter(colour -> split.of(colour) == 0)
                    .flatMap(colour -> router.kept(colour).stream());
            return Stream.of(Stream.of(split.toString()), health, kept)
                    .flatMap(lines -> lines)
                    .toList();
        } catch (PitstopException unanswered) {
            return List.of("the router does not answer: " + unanswered.getMessage());
        }
    }

    private static String message(Release release) {
        String holds =
                release.facts().keySet().stream().sorted().map(Fact::words).collect(joining(", "));
        return "Version " + release.version()
                + (release.finishedAt().isPresent() ? " is finished: " : " is under way: ")
                + (holds.isEmpty() ? "nothing done yet" : holds) + ".";
    }

    private Optional<Instant> contractDue(Release release) {
        return release.finishedAt().isPresent()
                ? Optional.empty()
                : release.since(Fact.SWITCHED).map(at -> at.plus(contractAfter));
    }

    /** What somebody has yet to say yes to; whether it is still the same is for the step to find out. */
    private Stream<String> toApprove(Release release, List<Approval> approvals) {
        return demanded.stream()
                .filter(step -> next(release).stream().anyMatch(next -> next.startsWith(step.step())))
                .filter(step -> approvals.stream()
                        .map(Approval::decision)
                        .noneMatch(said -> said.approved() && said.step().equals(step.step())))
                .map(step -> "approve --step " + step.step());
    }

    private List<String> next(Release release) {
        if (release.finishedAt().isPresent()) {
            return List.of();
        }
        if (release.is(Fact.CONTRACT_BEGUN)) {
            return List.of("contract");
        }
        if (release.is(Fact.SWITCHED)) {
            return List.of("contract (from " + contractDue(release).orElseThrow() + ")", "rollback");
        }
        if (!release.is(Fact.EXPANDED)) {
            return List.of("migrate-expand");
        }
        List<String> missing = Stream.of(Fact.DEPLOYED, Fact.BACKFILLED, Fact.SMOKE_TESTED)
                .filter(fact -> !release.is(fact))
                .filter(fact -> fact != Fact.SMOKE_TESTED || release.is(Fact.DEPLOYED))
                .map(Fact::step)
                .toList();
        return missing.isEmpty() ? List.of(Fact.SWITCHED.step(), "rollback") : missing;
    }
}
