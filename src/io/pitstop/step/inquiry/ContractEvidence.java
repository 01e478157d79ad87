package io.pitstop.step.inquiry;

import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.Remaining;
import io.pitstop.config.Quantity;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Missing;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What must be read from the running systems before anything is dropped. */
public final class ContractEvidence {
    /** How long the sessions of compute that was just removed may take to end. */
    private static final Duration SESSIONS_END_WITHIN = Duration.ofSeconds(30);

    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final ColourSessions sessions;
    private final BackfillJob backfill;
    private final Duration after;
    private final DrainWait drain;
    private final Inquiry comparison;
    private final Inquiry statements;

    /**
     * @param after how long the switch must have lasted
     * @param comparison whether old and new values agree
     * @param statements whether anything uses what goes
     */
    public ContractEvidence(
            ReleaseJournal journal,
            TrafficRouter router,
            ColourSessions sessions,
            BackfillJob backfill,
            Duration after,
            DrainWait drain,
            Inquiry comparison,
            Inquiry statements) {
        this.journal = journal;
        this.router = router;
        this.sessions = sessions;
        this.backfill = backfill;
        this.after = after;
        this.drain = drain;
        this.comparison = comparison;
        this.statements = statements;
    }

    /** @throws MoveRefused if the bake has not passed, the old colour has traffic, or rows are not backfilled */
    public List<String> ofTrafficAndData(Release release) {
        refuseEarly(release, after, journal.now());
        Split split = ofTraffic(release);
        for (Remaining file : backfill.remaining()) {
            if (file.rows() > 0) {
                throw new MoveRefused(
                        file.rows() + " rows are not backfilled, by " + file.file() + ".", "Run backfill again.");
            }
        }
        return List.of(
                "switched at " + release.since(SWITCHED).orElseThrow() + ", bake of " + Quantity.text(after)
                        + " passed",
                "router serves " + split,
                "0 rows remain to be backfilled");
    }

    /**
     * @param after how long the switch must have lasted
     * @throws MoveRefused if it has not
     */
    public static void refuseEarly(Release release, Duration after, Instant now) {
        Instant switched = release.since(SWITCHED).orElseThrow();
        Instant due = switched.plus(after);
        if (now.isBefore(due)) {
            throw new MoveRefused(
                    "The switch has not lasted " + Quantity.text(after) + " yet: it was at " + switched + ".",
                    "Run contract again after " + due + ".");
        }
    }

    /** What the router measured for a colour since some moment. */
    public Series figures(Colour colour) {
        return router.figures(colour);
    }

    /** @throws MoveRefused if the old colour has traffic */
    public Split ofTraffic(Release release) {
        Split split = router.split();
        if (!split.isAllTo(release.candidate())) {
            throw new MoveRefused(
                    release.incumbent() + " still gets traffic: " + split + ".", "Run switch-traffic first.");
        }
        return split;
    }

    /**
     * Waits until the old colour has finished what it was sent, which a rollback ends.
     *
     * @throws MoveRefused if the bake has not passed, the old colour has traffic, or it has not drained in time
     */
    public void awaitDrain(Release release) {
        refuseEarly(release, after, journal.now());
        drain.await(release.incumbent(), release.since(SWITCHED).orElseThrow(), () -> ofTraffic(release));
    }

    /** @throws MoveRefused if the old colour has not finished what it was sent */
    public String ofDrain(Release release) {
        return drain.evidence(release.incumbent(), release.since(SWITCHED).orElseThrow());
    }

    /** @throws MoveRefused if old and new values differ, or if nobody knows and nobody has accepted that */
    public List<String> ofValues(Lease lease) {
        return settled(lease, comparison.ask(lease));
    }

    /** @throws MoveRefused if a statement uses what goes, or if nobody knows and nobody has accepted that */
    public List<String> ofStatements(Lease lease) {
        return settled(lease, statements.ask(lease));
    }

    /**
     * Keeps, for this run and those to come, that somebody lets contract go on without what is missing at this moment:
     * what is found missing later is not accepted with it.
     *
     * @throws io.pitstop.error.InvalidConfig if there is no reason
     */
    public void accept(Release release, String reason) {
        AcceptedRisk.refuseEmpty(reason);
        if (release.is(CONTRACT_BEGUN)) {
            return; // nobody is asked for evidence again: what it was about is gone
        }
        try (Lease lease = journal.lease(release, CONTRACTED.step())) {
            List<Missing> missing = Stream.of(comparison, statements)
                    .flatMap(inquiry -> inquiry.missing(lease).stream())
                    .toList();
            AcceptedRisk.note(journal, lease, reason, missing);
        }
    }

    private List<String> settled(Lease lease, Inquiry.Answer answer) {
        List<String> accepted = AcceptedRisk.over(answer.missing(), journal, lease.release());
        return Stream.concat(answer.shown().stream(), accepted.stream()).toList();
    }

    /**
     * @param wait give the sessions a moment to end, because their compute was just removed
     * @throws MoveRefused if the old colour has sessions, or sessions of the colours cannot be told apart
     */
    public List<String> ofSessions(Release release, boolean wait) {
        Colour old = release.incumbent();
        int live = ofLiveSessions(release);
        int oldSessions = wait ? awaitNoSessions(old) : sessions.count(old);
        if (oldSessions > 0) {
            throw new MoveRefused(
                    old + " still has " + oldSessions + " database sessions.",
                    "Stop " + old + ", or set environments.idle to scale-down or destroy.");
        }
        return List.of("0 database sessions of " + old + ", " + live + " of " + release.candidate());
    }

    /**
     * @return how many there are, which shows that the colours' sessions carry their names
     * @throws MoveRefused if there is none
     */
    public int ofLiveSessions(Release release) {
        Colour live = release.candidate();
        int count = sessions.count(live);
        if (count == 0) {
            throw new MoveRefused(
                    "No database session is named " + sessions.name(live) + ", although " + live
                            + " is live: the colours' sessions cannot be told apart.",
                    "Give the pool of each colour its ApplicationName, or set database.sessions in pitstop.yml.");
        }
        return count;
    }

    private int awaitNoSessions(Colour colour) {
        long deadline = System.nanoTime() + SESSIONS_END_WITHIN.toNanos();
        int left = sessions.count(colour);
        while (left > 0 && System.nanoTime() < deadline) {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw Interrupted.whileDoing("waiting until the sessions of " + colour + " end");
            }
            left = sessions.count(colour);
        }
        return left;
    }
}
