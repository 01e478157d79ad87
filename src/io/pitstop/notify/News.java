package io.pitstop.notify;

import io.pitstop.config.Occasion;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
import io.pitstop.step.Approve;
import io.pitstop.step.Rollback;
import io.pitstop.step.StepResult;
import io.pitstop.step.SwitchTraffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What there is to tell people when a command has ended. */
final class News {
    // As the event log has them.
    private static final Set<String> SWITCHED = Set.of("switched");
    private static final Set<String> BACK = Set.of("rolled back");
    private static final Set<String> DECIDED = Set.of("approved", "approval declined");

    /** A failure has just happened: it is told each time, whatever the event log has of the one before. */
    private static final Predicate<Event> ALWAYS = event -> true;

    private final String application;
    private final String step;
    private final Duration contractAfter;
    private final Author author;

    /**
     * @param step the command
     * @param contractAfter how long a switch must have lasted before contract
     */
    News(String application, String step, Duration contractAfter, Author author) {
        this.application = application;
        this.step = step;
        this.contractAfter = contractAfter;
        this.author = author;
    }

    /** @param release as it is after the step; empty if the step worked without the journal */
    Optional<Item> of(StepResult done, Optional<Release> release) {
        if (done instanceof SwitchTraffic.Result result && !result.baking()) {
            return release.map(now -> switched(result, now));
        }
        if (done instanceof Rollback.Result result) {
            return Optional.of(rolledBack(result, release));
        }
        if (done instanceof Approve.Result result
                && result.open()
                && !result.question().isEmpty()) {
            return release.map(now -> approvalNeeded(result, now));
        }
        return Optional.empty();
    }

    /** @param release as the step has read it last; empty if it did not come that far */
    Optional<Item> of(PitstopException failure, Optional<Release> release) {
        if (failure instanceof OutcomeUnknown) {
            return Optional.of(outcomeUnknown(failure, release));
        }
        // Whoever switches puts users back before it fails in this way.
        return failure instanceof CheckFailed && step.equals(Fact.SWITCHED.step())
                ? release.map(now -> putBack(failure, now))
                : Optional.empty();
    }

    /** @param release whose contract may run from {@code due} on */
    Item contractDue(Release release, Instant due) {
        About about = About.of(release);
        Notification told = new Notification(
                Occasion.CONTRACT_DUE.key(),
                application + ": contract of " + about.newVersion() + " is due",
                "Users have had " + about.newVersion() + " for as long as contract waits, since "
                        + release.since(Fact.SWITCHED).orElse(due) + ". It can end the release by removing what only "
                        + about.oldVersion() + " needs; until then there is a way back.",
                "pitstop approve --step contract" + about.option() + ", then pitstop contract" + about.option() + ".",
                due,
                about,
                step,
                release.candidate().toString(),
                author);
        return new Item(Occasion.CONTRACT_DUE, told, Optional.of(release), "", named(SWITCHED));
    }

    Notification test() {
        return new Notification(
                "test",
                application + ": a test message of pitstop",
                "Nothing has happened.",
                "",
                Instant.now(),
                About.of(application),
                step,
                "",
                author);
    }

    private Item switched(SwitchTraffic.Result result, Release release) {
        About about = About.of(release);
        Instant at = release.since(Fact.SWITCHED).orElseGet(Instant::now);
        Notification told = new Notification(
                Occasion.SWITCHED.key(),
                application + ": all users are on " + about.newVersion() + " (" + result.live() + ")",
                result.message(),
                "pitstop rollback" + about.option() + " puts users back; contract may run from "
                        + at.plus(contractAfter) + " on.",
                at,
                about,
                step,
                result.live().toString(),
                author);
        return new Item(Occasion.SWITCHED, told, Optional.of(release), "", named(SWITCHED));
    }

    private Item rolledBack(Rollback.Result result, Optional<Release> release) {
        About about = release.map(About::of).orElseGet(() -> About.of(application));
        String next = result.abandoned() || release.isEmpty()
                ? ""
                : "pitstop switch-traffic" + about.option() + " gives users " + about.newVersion()
                        + " again; pitstop rollback --abandon" + about.option() + " ends the release.";
        Notification told = new Notification(
                Occasion.ROLLED_BACK.key(),
                headlineBack(about, result.live().toString()),
                result.message(),
                next,
                release.flatMap(now -> now.since(Fact.ROLLED_BACK)).orElseGet(Instant::now),
                about,
                step,
                result.live().toString(),
                author);
        return new Item(Occasion.ROLLED_BACK, told, release, "", named(BACK));
    }

    private Item putBack(PitstopException failure, Release release) {
        About about = About.of(release);
        String live = release.incumbent().toString();
        Notification told = new Notification(
                Occasion.ROLLED_BACK.key(),
                headlineBack(about, live),
                failure.getMessage(),
                failure.hint(),
                Instant.now(),
                about,
                step,
                live,
                author);
        return new Item(Occasion.ROLLED_BACK, told, Optional.of(release), "", ALWAYS);
    }

    private String headlineBack(About about, String live) {
        return application + ": users are back on " + about.oldVersion() + " (" + live + ")";
    }

    private Item approvalNeeded(Approve.Result result, Release release) {
        About about = About.of(release);
        String command = "pitstop approve --step " + result.step() + about.option() + " --by NAME --hash "
                + result.hash() + " says yes.";
        Notification told = new Notification(
                Occasion.APPROVAL_NEEDED.key(),
                application + ": " + result.step() + " of " + about.newVersion() + " waits for an approval",
                result.message(),
                author.buildUrl().isEmpty() ? command : "Answer the question of the build: " + author.buildUrl(),
                Instant.now(),
                about,
                result.step(),
                "",
                author);
        // Another build asks at another place; the same one may ask again because it was restarted.
        String key = result.step() + " " + result.hash() + " " + author.build();
        return new Item(
                Occasion.APPROVAL_NEEDED,
                told,
                Optional.of(release),
                key,
                event -> DECIDED.contains(event.event())
                        && result.step().equals(event.particulars().get("of")));
    }

    private Item outcomeUnknown(PitstopException failure, Optional<Release> release) {
        About about = release.map(About::of).orElseGet(() -> About.of(application));
        Notification told = new Notification(
                Occasion.OUTCOME_UNKNOWN.key(),
                application + ": OUTCOME UNKNOWN of " + step + ", it is not certain who serves users",
                failure.getMessage(),
                failure.hint(),
                Instant.now(),
                about,
                step,
                "",
                author);
        return new Item(Occasion.OUTCOME_UNKNOWN, told, release, "", ALWAYS);
    }

    private static Predicate<Event> named(Set<String> names) {
        return event -> names.contains(event.event());
    }
}
