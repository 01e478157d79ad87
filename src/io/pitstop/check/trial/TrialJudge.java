package io.pitstop.check.trial;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.live.LiveJudge;
import io.pitstop.check.live.Recording;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.config.CheckConfig;
import io.pitstop.config.CheckConfig.Trial;
import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Judges scripts by what they do on a scratch PostgreSQL, and by the application's statements there. */
public final class TrialJudge {
    private static final String NOT_HELD = "No trial run was held: ";
    private static final String HINT =
            "Mend the cause, name a database to try in by --scratch-url, or do without by" + " --trial off.";

    private final CheckConfig config;
    private final List<ScratchSource> sources;
    private final Supplier<OptionalInt> major;
    private final Supplier<Sizes> sizes;
    private final Supplier<Recording> statements;

    /**
     * @param sources tried in their order
     * @param major version that the scratch server must be; empty for any; asked only if there is something to judge
     * @param sizes asked only if there is something to judge
     * @param statements of the application; asked only if there is something to judge
     */
    public TrialJudge(
            CheckConfig config,
            List<ScratchSource> sources,
            Supplier<OptionalInt> major,
            Supplier<Sizes> sizes,
            Supplier<Recording> statements) {
        this.config = config;
        this.sources = List.copyOf(sources);
        this.major = major;
        this.sizes = sizes;
        this.statements = statements;
    }

    /** Never tries anything. */
    public static TrialJudge off() {
        CheckConfig config = new CheckConfig(Trial.OFF, Optional.empty(), Optional.empty(), List.of());
        return new TrialJudge(config, List.of(), OptionalInt::empty, () -> Sizes.UNKNOWN, Recording::none);
    }

    /**
     * What is to be tried.
     *
     * @param applied what has run in production
     * @param pending in the order in which they run
     * @param together true if all of them are one release
     */
    public record Play(List<ScriptFile> applied, List<Script> pending, boolean together) {}

    /** What came of it. */
    public static final class Outcome {
        private final List<Sighting> sightings;
        private final List<Finding> live;
        private final List<String> notes;
        private final Set<Judge> judges;

        private Outcome(List<Sighting> sightings, List<Finding> live, List<String> notes, Set<Judge> judges) {
            this.sightings = sightings;
            this.live = live;
            this.notes = notes;
            this.judges = judges;
        }

        /** With what the rules have found in the text: what was seen of that too is evidence for it. */
        public List<Finding> with(List<Finding> read) {
            List<Finding> all = Sighting.merge(read, sightings);
            // A rule may be allowed by somebody who does not know what the application runs.
            all.addAll(live);
            return all;
        }

        /** What people should know of the trial. */
        public List<String> notes() {
            return notes;
        }

        /** Who has looked. */
        public Set<Judge> judges() {
            return judges;
        }
    }

    /**
     * Tries the scripts.
     *
     * @throws MoveRefused if a trial is required and there is nothing to hold it on
     */
    public Outcome judge(Play play, Grammar grammar) {
        if (config.trial() == Trial.OFF) {
            return nothing(List.of());
        }
        OptionalInt version = major.get();
        List<String> reasons = new ArrayList<>();
        Optional<Scratch> found = Optional.empty();
        for (ScratchSource source : sources) {
            if (found.isEmpty()) {
                found = source.open(version, reasons::add);
            }
        }
        if (found.isEmpty()) {
            return notHeld(String.join("; ", reasons));
        }
        try (Scratch scratch = found.get()) {
            return judge(play, grammar, scratch);
        }
    }

    private Outcome judge(Play play, Grammar grammar, Scratch scratch) {
        List<String> notes = new ArrayList<>();
        notes.add("tried on PostgreSQL " + scratch.origin());
        Recording recording = statements.get();
        notes.addAll(recording.notes());
        LiveJudge live = new LiveJudge(recording.statements());
        try (Session session = Session.open(scratch)) {
            Today today = new Today(session, grammar, notes);
            if (config.schema().isPresent()) {
                today.from(config.schema().get());
            } else {
                today.from(play.applied());
            }
            // Not in the session that a dump has set up for itself.
            session.discard();
            live.prepare(session.connection());
            Rehearsal.Setting setting =
                    new Rehearsal.Setting(play.together(), config.schema().isPresent(), sizes.get());
            Rehearsal rehearsal = new Rehearsal(session, live, setting, notes);
            List<Sighting> seen = rehearsal.run(play.pending());
            notes.addAll(live.notes());
            return new Outcome(seen, live.findings(), notes, judges(recording));
        } catch (Today.NotReached e) {
            return notHeld(e.getMessage());
        } catch (SQLException e) {
            return notHeld("the scratch database says: " + Database.message(e));
        }
    }

    private static Set<Judge> judges(Recording recording) {
        return recording.statements().isEmpty() ? EnumSet.of(Judge.RULES, Judge.TRIAL) : EnumSet.allOf(Judge.class);
    }

    private Outcome notHeld(String reason) {
        if (config.trial() == Trial.REQUIRE) {
            throw new MoveRefused(NOT_HELD + reason + ".", HINT);
        }
        return nothing(List.of(NOT_HELD + reason + ". Only the rules have judged."));
    }

    private static Outcome nothing(List<String> notes) {
        return new Outcome(List.of(), List.of(), notes, EnumSet.of(Judge.RULES));
    }
}
