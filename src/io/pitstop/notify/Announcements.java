package io.pitstop.notify;

import io.pitstop.config.NotificationConfig;
import io.pitstop.config.Occasion;
import io.pitstop.config.PitstopConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.Status;
import io.pitstop.step.StepResult;
import io.pitstop.traffic.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells people of what one command has done, if pitstop.yml names any: of nothing that was refused, and each thing once as
 * far as the event log knows. Holds a command up for a few seconds at most, and never makes it fail.
 */
public final class Announcements {
    private final News news;
    private final Herald herald;
    private final Supplier<ReleaseJournal> journal;

    /**
     * @param step the command that runs
     * @param environment environment variables, for addresses, tokens, and whose build this is
     * @param journal knows what people were told before
     * @param warnings gets a line for people for each receiver that was not told
     */
    public Announcements(
            PitstopConfig config,
            String step,
            Map<String, String> environment,
            Supplier<ReleaseJournal> journal,
            Consumer<String> warnings) {
        this(config, step, environment, journal, new Herald(config.notifications(), environment, warnings));
    }

    Announcements(
            PitstopConfig config,
            String step,
            Map<String, String> environment,
            Supplier<ReleaseJournal> journal,
            Herald herald) {
        this.news = new News(config.application(), step, config.contract().after(), Author.from(environment));
        this.herald = herald;
        this.journal = journal;
    }

    /** What can be seen of those who are to be told without sending anything. */
    public static List<Observation> examine(List<NotificationConfig> config, Map<String, String> environment) {
        List<Observation> seen = new ArrayList<>();
        for (int i = 0; i < config.size(); i++) {
            Recipient someone = new Recipient(i, config.get(i), environment);
            seen.add(someone.objection()
                    .map(why -> Observation.bad(
                            "notify",
                            someone + ": " + why,
                            "Set it before you call pitstop, in Jenkins by withCredentials."))
                    .orElseGet(() -> Observation.good(
                            "notify", someone + " at " + someone.host() + ": " + someone.occasions())));
        }
        return seen;
    }

    /** Sends a test message to everybody, and says who took it. */
    public List<Observation> test() {
        return herald.tellAll(news.test()).stream()
                .map(reply -> reply.isTaken()
                        ? Observation.good("notify", reply.from() + " took a test message")
                        : Observation.bad(
                                "notify",
                                reply.from() + " did not take a test message: " + reply.objection(),
                                "Compare its address with the one that was given out; behind a proxy, tell the JVM."))
                .toList();
    }

    /**
     * Runs the command itself, and tells of it if nobody knows who serves users, or if users had to be put back.
     *
     * @param release that it works on, as far as it is known when the command has failed
     */
    public <T> T during(Supplier<Optional<Release>> release, Supplier<T> work) {
        try {
            return work.get();
        } catch (PitstopException failure) {
            news.of(failure, release.get()).ifPresent(this::tell);
            throw failure;
        }
    }

    /** @param release as it is now; empty if the step worked without the journal */
    public void done(StepResult result, Optional<Release> release) {
        news.of(result, release).ifPresent(this::tell);
    }

    /** Reminds people of the contract once that may run. */
    public void looked(Status.Report report) {
        boolean due = report.contractDueInSeconds().filter(left -> left == 0).isPresent();
        Release release = release(report);
        if (!due || release.is(Fact.CONTRACT_BEGUN) || !herald.hasAudience(Occasion.CONTRACT_DUE)) {
            return;
        }
        Item item = news.contractDue(release, report.contractDue().orElseThrow());
        if (!item.isTold(report.events())) {
            tell(item);
        }
    }

    private void tell(Item item) {
        herald.tell(item, journal);
    }

    private static Release release(Status.Report report) {
        Map<Fact, Instant> facts = new EnumMap<>(Fact.class);
        for (Fact fact : Fact.values()) {
            Optional.ofNullable(report.facts().get(fact.words())).ifPresent(at -> facts.put(fact, at));
        }
        return new Release(
                report.release(),
                report.application(),
                report.version(),
                report.fromVersion(),
                report.candidate(),
                report.openedAt(),
                facts,
                report.finishedAt());
    }
}
