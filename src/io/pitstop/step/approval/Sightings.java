package io.pitstop.step.approval;

import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.Remaining;
import io.pitstop.error.PitstopException;
import io.pitstop.evidence.Period;
import io.pitstop.evidence.StatementLog;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Release;
import io.pitstop.traffic.TrafficRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the running systems show at this moment: for people to judge by, too short-lived to be held to. */
public final class Sightings {
    private final TrafficRouter router;
    private final ColourSessions sessions;
    private final BackfillJob backfill;
    private final StatementLog statements;

    public Sightings(TrafficRouter router, ColourSessions sessions, BackfillJob backfill, StatementLog statements) {
        this.router = router;
        this.sessions = sessions;
        this.backfill = backfill;
        this.statements = statements;
    }

    /** Lines for people; a system that does not answer shows as one. */
    public List<String> of(Release release) {
        List<String> lines = new ArrayList<>();
        lines.add(line("traffic", () -> router.split().toString()));
        for (Colour colour : Colour.values()) {
            lines.add(line(colour.toString(), () -> router.health(colour).toString()));
        }
        lines.add(line("database sessions", this::sessions));
        // Afterwards the columns that the files ask for may be gone.
        if (!release.is(CONTRACT_BEGUN)) {
            lines.add(line("rows left to backfill", this::remaining));
            if (release.is(SWITCHED)) {
                lines.add(line("statements since the switch", () -> statements(release)));
            }
        }
        return List.copyOf(lines);
    }

    private String sessions() {
        return sessions.count(Colour.BLUE) + " of blue, " + sessions.count(Colour.GREEN) + " of green";
    }

    private String remaining() {
        Stream<Remaining> files = backfill.remaining().stream();
        return String.format("%,d", files.mapToLong(Remaining::rows).sum());
    }

    private String statements(Release release) {
        Period period = statements.since(release);
        if (!period.missing().isEmpty()) {
            return period.missing().get(0).toString();
        }
        return period.since().map(since -> "known since " + since).orElse("nobody noted what had run before");
    }

    private static String line(String name, Supplier<String> question) {
        try {
            return name + ": " + question.get();
        } catch (PitstopException unanswered) {
            return name + ": no answer. " + unanswered.getMessage();
        }
    }
}
