package io.pitstop.step.inquiry;

import static java.util.stream.Collectors.joining;

import io.pitstop.archive.Leaving;
import io.pitstop.check.grammar.Body;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Parsed;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.usage.Call;
import io.pitstop.check.usage.Field;
import io.pitstop.check.usage.Uses;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.LiveCatalog;
import io.pitstop.evidence.LiveCatalog.Function;
import io.pitstop.evidence.LiveCatalog.Trigger;
import io.pitstop.evidence.Missing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Functions that stay and use what goes: the catalog does not know, since it keeps them as text. */
final class KeptFunctions {
    /** A function that calls one that calls one: deeper than this nobody looks. */
    private static final int DEEPEST = 5;

    private static final int MOST_NAMED = 3;
    private static final Set<String> ROWS = Set.of("new", "old");

    private final Departing departing;
    private final LiveCatalog catalog;
    private final Grammar grammar;
    private final UnaryOperator<Function> after;
    private final List<Kept> kept = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();

    /**
     * @param used what it uses of that which goes, in words
     * @param triggers that stay and call it
     * @param readable false if it mentions what goes where nobody can read what for
     */
    record Kept(Function function, Set<String> used, List<Trigger> triggers, boolean readable) {
        boolean mayBe(Call call) {
            return call.function().mayBe(function.schema(), function.name())
                    && function.arguments().fit(call.arguments());
        }

        String name() {
            return function.name() + "()";
        }
    }

    /** @param after a function as the scripts leave it, which may give it another body */
    KeptFunctions(Departing departing, LiveCatalog catalog, Grammar grammar, UnaryOperator<Function> after) {
        this.departing = departing;
        this.catalog = catalog;
        this.grammar = grammar;
        this.after = after;
        Set<String> names = new HashSet<>(departing.names());
        // The function of a trigger has no need to name its table.
        departing.all().map(Leaving::column).filter(column -> !column.isEmpty()).forEach(names::add);
        for (int i = 0; i < DEEPEST && !names.isEmpty(); i++) {
            names = read(names);
        }
    }

    /** The names of those that use what goes, or may. */
    Set<String> names() {
        return kept.stream().map(one -> one.function().name()).collect(Collectors.toSet());
    }

    /** What a statement uses by calling one of them, in words. */
    Set<String> usedBy(Uses uses) {
        Set<String> used = new TreeSet<>();
        called(uses).forEach(one -> one.used().forEach(what -> used.add(what + " by " + one.name())));
        return used;
    }

    /** True if a statement calls one of which nobody can tell what it uses. */
    boolean mayBeUsedBy(Uses uses) {
        return called(uses).anyMatch(one -> !one.readable());
    }

    /** @throws MoveRefused if a trigger that stays would fail */
    void refuseTriggers() {
        for (Kept one : kept) {
            if (!one.used().isEmpty() && !one.triggers().isEmpty()) {
                Trigger trigger = one.triggers().get(0);
                throw new MoveRefused(
                        "Function " + one.name() + ", which trigger " + trigger.name() + " on " + trigger.table()
                                + " calls and which stays, still uses " + String.join(", ", one.used())
                                + ": what writes to " + trigger.table() + " would fail.",
                        "Replace the function by one that does without, or drop the trigger, and run contract again.");
            }
        }
    }

    /** Those that stay although they could not be called any more; empty if there is none. */
    Optional<Missing> leftover() {
        List<Kept> left = kept.stream()
                .filter(one -> !one.used().isEmpty()
                        || !one.readable() && !one.triggers().isEmpty())
                .toList();
        if (left.isEmpty()) {
            return Optional.empty();
        }
        String named =
                left.stream().limit(MOST_NAMED).map(KeptFunctions::inWords).collect(joining("; "));
        String more = left.size() > MOST_NAMED ? "; and " + (left.size() - MOST_NAMED) + " more" : "";
        return Optional.of(new Missing(
                Missing.Kind.LEFTOVER,
                "Nobody knows whether functions that stay are needed: " + named + more + ".",
                "Drop them, or replace them by such as do without what goes."));
    }

    private static String inWords(Kept one) {
        return one.used().isEmpty()
                ? "trigger " + one.triggers().get(0).name() + " calls " + one.name()
                        + ", which does not show what it uses"
                : one.name() + " still uses " + String.join(", ", one.used());
    }

    private Stream<Kept> called(Uses uses) {
        return kept.stream().filter(one -> uses.calls().stream().anyMatch(one::mayBe));
    }

    /** Reads those that mention a name; returns the names of those among them that somebody else may call. */
    private Set<String> read(Set<String> names) {
        Set<String> found = new HashSet<>();
        for (Function before : catalog.functionsThatMention(names)) {
            Function function = after.apply(before);
            if (!departing.goes(function) && seen.add(function.id())) {
                Kept one = kept(function);
                if (!one.used().isEmpty() || !one.readable()) {
                    kept.add(one);
                    found.add(function.name());
                } else {
                    seen.remove(function.id()); // it may yet call one that is found later
                }
            }
        }
        return found;
    }

    private Kept kept(Function function) {
        List<Trigger> triggers = catalog.triggersOf(function).stream()
                .filter(trigger -> !departing.goes(trigger))
                .toList();
        Body body = body(function);
        Set<String> used = new TreeSet<>();
        boolean readable = body.complete();
        for (Statement statement : body.statements()) {
            Uses uses = Uses.of(statement, catalog::columns);
            used.addAll(departing.used(uses));
            used.addAll(usedBy(uses));
            for (Field field : uses.fields()) {
                List<Leaving> columns = departing.columns(field.name());
                boolean row = ROWS.contains(field.record());
                columns.stream()
                        .filter(column -> row && triggers.stream().anyMatch(trigger -> isOn(trigger, column)))
                        .forEach(column -> used.add(column.toString()));
                // A record of another kind: what it is a row of the text does not say.
                readable &= row || columns.isEmpty() || !mentionsTableOf(function, columns);
            }
        }
        return new Kept(function, used, triggers, !used.isEmpty() || readable || !mentionsWhatGoes(function));
    }

    private Body body(Function function) {
        Parsed parsed = grammar.read(function.body());
        if (function.sql()) {
            return new Body(parsed.statements(), parsed.mistakes().isEmpty());
        }
        List<Body> bodies = parsed.statements().stream().map(grammar::body).toList();
        return new Body(
                bodies.stream().flatMap(body -> body.statements().stream()).toList(),
                parsed.mistakes().isEmpty() && bodies.stream().allMatch(Body::complete));
    }

    private static boolean isOn(Trigger trigger, Leaving column) {
        return trigger.schema().equals(column.schema()) && trigger.table().equals(column.name());
    }

    private static boolean mentionsTableOf(Function function, List<Leaving> columns) {
        return columns.stream().anyMatch(column -> mentions(function.body(), column.name()));
    }

    private boolean mentionsWhatGoes(Function function) {
        return departing
                .all()
                .anyMatch(one -> mentions(function.body(), one.name()) && mentions(function.body(), one.column()));
    }

    static boolean mentions(String text, String name) {
        return text.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
    }
}
