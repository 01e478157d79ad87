package io.pitstop.step.inquiry;

import static java.util.stream.Collectors.joining;

import io.pitstop.archive.Departures;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.config.Quantity;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.LiveCatalog;
import io.pitstop.evidence.Missing;
import io.pitstop.evidence.Period;
import io.pitstop.evidence.Ran;
import io.pitstop.evidence.StatementLog;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a statement that ran since the switch uses what the scripts of contract drop. */
public final class StatementEvidence implements Inquiry {
    private static final int MOST_NAMED = 3;
    private static final String SOURCE = "pg_stat_statements";

    private final ReleaseJournal journal;
    private final StatementLog log;
    private final Departures departures;
    private final LiveCatalog catalog;
    private final Supplier<Grammar> grammar;
    private final Migrations contract;
    private final Duration after;

    /**
     * @param grammar takes half a second to load, so it is asked for when there is something to read
     * @param after for how long nobody must have used it
     */
    public StatementEvidence(
            ReleaseJournal journal,
            StatementLog log,
            Departures departures,
            LiveCatalog catalog,
            Supplier<Grammar> grammar,
            Migrations contract,
            Duration after) {
        this.journal = journal;
        this.log = log;
        this.departures = departures;
        this.catalog = catalog;
        this.grammar = grammar;
        this.contract = contract;
        this.after = after;
    }

    /**
     * After a refusal the watch begins anew: what was used once may go when nobody has used it for as long as the bake.
     *
     * @throws MoveRefused naming the statements that use what goes, or if they did so a short while ago
     */
    @Override
    public Answer ask(Lease lease) {
        Optional<Look> look = look(lease);
        if (look.isEmpty()) {
            return Answer.of("nothing goes that a statement could use");
        }
        look.get().functions().refuseTriggers();
        Period period = look.get().period();
        if (period.since().isEmpty()) {
            List<Missing> missing = new ArrayList<>(period.missing().isEmpty() ? begin(lease) : period.missing());
            look.get().functions().leftover().ifPresent(missing::add);
            return Answer.missing(missing);
        }
        List<Readings.Reading> read = look.get().read();
        List<Readings.Reading> users =
                read.stream().filter(reading -> !reading.uses().isEmpty()).toList();
        if (!users.isEmpty()) {
            throw used(lease, period.since().get(), users);
        }
        refuseEarly(period.since().get());
        List<Missing> missing = missing(look.get());
        long dumps = read.stream().filter(Readings.Reading::dump).count();
        String shown = "none of " + (read.size() - dumps) + " statements that ran since "
                + period.since().get() + " uses what goes (" + SOURCE
                + (dumps > 0 ? "; " + dumps + " of dumps are not counted)" : ")");
        return missing.isEmpty() ? Answer.of(shown) : Answer.missing(missing);
    }

    @Override
    public List<Missing> missing(Lease lease) {
        return look(lease).map(this::missing).orElse(List.of());
    }

    /** @param read what ran; nothing if nobody knows */
    private record Look(Period period, KeptFunctions functions, List<Readings.Reading> read) {}

    /** Returns nothing if nothing goes that could be used. */
    private Optional<Look> look(Lease lease) {
        List<Path> scripts = contract.pending().stream().map(Pending::file).toList();
        Departing departing = new Departing(departures.of(scripts), catalog);
        if (departing.isNothing()) {
            return Optional.empty();
        }
        Grammar loaded = grammar.get();
        Replacements replaced = Replacements.in(scripts, loaded);
        KeptFunctions functions = new KeptFunctions(departing, catalog, loaded, replaced::after);
        Readings readings = new Readings(departing, functions, catalog, loaded);
        Period period = log.since(lease.release());
        List<Readings.Reading> read = new ArrayList<>();
        for (Ran ran : period.ran()) {
            if (!ran.ours()) {
                read.add(readings.of(ran));
            }
        }
        return Optional.of(new Look(period, functions, read));
    }

    private List<Missing> missing(Look look) {
        List<Missing> missing = new ArrayList<>(look.period().missing());
        if (look.period().since().isEmpty() && missing.isEmpty()) {
            missing.add(unnoted());
        }
        unread(look.read()).ifPresent(missing::add);
        look.functions().leftover().ifPresent(missing::add);
        return missing;
    }

    /** Nobody looked at the switch: then from now on. */
    private List<Missing> begin(Lease lease) {
        return List.of(log.look(lease).orElseGet(this::unnoted));
    }

    private Missing unnoted() {
        return new Missing(
                Missing.Kind.LOOK,
                "Nobody noted at the switch what had run until then; it is noted from now on.",
                "Run contract again after " + journal.now().plus(after) + ".");
    }

    private MoveRefused used(Lease lease, Instant since, List<Readings.Reading> users) {
        List<String> said = users.stream().map(Readings.Reading::toString).toList();
        lease.note("still used", Map.of("since", since.toString(), "statements", said));
        log.look(lease);
        Colour old = lease.release().incumbent();
        String more = said.size() > MOST_NAMED ? ", and " + (said.size() - MOST_NAMED) + " more" : "";
        return new MoveRefused(
                "What contract drops was used since " + since + ": "
                        + said.stream().limit(MOST_NAMED).collect(joining("; ")) + more + ".",
                "Stop what runs these statements, name columns instead of *, and run contract again after "
                        + journal.now().plus(after) + ". If " + old
                        + " runs them itself while it is idle, by a scheduler"
                        + " say, stop " + old
                        + ": end its processes, or apply its Terraform state with running = false;"
                        + " until it runs again, users cannot go back to it.");
    }

    private void refuseEarly(Instant since) {
        Instant due = since.plus(after);
        if (journal.now().isBefore(due)) {
            throw new MoveRefused(
                    "Nobody has used what contract drops since " + since + ", which is not " + Quantity.text(after)
                            + " ago yet.",
                    "Run contract again after " + due + ".");
        }
    }

    private static Optional<Missing> unread(List<Readings.Reading> read) {
        List<Readings.Reading> unreadable =
                read.stream().filter(reading -> !reading.readable()).toList();
        return unreadable.isEmpty()
                ? Optional.empty()
                : Optional.of(new Missing(
                        Missing.Kind.UNREADABLE,
                        unreadable.size() + " statements that ran since the switch do not show what they use, such as "
                                + unreadable.get(0) + ".",
                        "Look whether they use what goes."));
    }
}
