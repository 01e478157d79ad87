package io.pitstop.step.inquiry;

import static io.pitstop.archive.Leaving.Kind.FUNCTION;
import static io.pitstop.archive.Leaving.Kind.RELATION;
import static io.pitstop.archive.Leaving.Kind.SEQUENCE;
import static io.pitstop.archive.Leaving.Kind.TRIGGER;
import static io.pitstop.archive.Leaving.Kind.TYPE;

import io.pitstop.archive.Leaving;
import io.pitstop.check.usage.Call;
import io.pitstop.check.usage.Named;
import io.pitstop.check.usage.Use;
import io.pitstop.check.usage.Uses;
import io.pitstop.database.Arguments;
import io.pitstop.evidence.LiveCatalog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What goes with contract, held against what a statement uses. */
final class Departing {
    private final List<Leaving> leaving;
    private final LiveCatalog catalog;
    private final Set<Long> functions;
    private final Map<String, Map<Long, Arguments>> staying = new HashMap<>();

    Departing(List<Leaving> leaving, LiveCatalog catalog) {
        this.leaving = leaving;
        this.catalog = catalog;
        this.functions = ids(FUNCTION);
    }

    /** True if nothing goes that anybody could use. */
    boolean isNothing() {
        return all().findAny().isEmpty();
    }

    /** What a text has in it if it uses what goes. */
    Set<String> names() {
        Set<String> names = all().map(Leaving::name).collect(Collectors.toCollection(HashSet::new));
        if (leaving.stream().anyMatch(one -> one.is(SEQUENCE))) {
            names.addAll(Uses.DRAWING);
        }
        return names;
    }

    /** All of it that can be used. */
    Stream<Leaving> all() {
        return leaving.stream().filter(one -> !one.is(TRIGGER));
    }

    boolean goes(LiveCatalog.Function function) {
        return functions.contains(function.id());
    }

    boolean goes(LiveCatalog.Trigger trigger) {
        return ids(TRIGGER).contains(trigger.id());
    }

    /** What goes and is used, in words. */
    Set<String> used(Uses uses) {
        Set<String> used = new TreeSet<>();
        for (Leaving one : leaving) {
            if (isUsed(one, uses)) {
                used.add(one.is(FUNCTION) && hasNamesake(one, uses) ? one + " or another one that stays" : "" + one);
            }
        }
        return used;
    }

    /** True if it may use what goes, and nobody can tell: a row as one value, a sequence whose name is bound. */
    boolean mayUse(Uses uses) {
        boolean row = uses.relations().stream()
                .filter(use -> use.column().equals(Use.ROW))
                .anyMatch(use ->
                        leaving.stream().anyMatch(one -> one.is(RELATION) && use.needs(one.schema(), one.name())));
        boolean hidden =
                uses.sequences().contains(Named.HIDDEN) && leaving.stream().anyMatch(one -> one.is(SEQUENCE));
        return row || hidden;
    }

    /** Columns of that name which go while their tables stay. */
    List<Leaving> columns(String name) {
        return leaving.stream()
                .filter(one -> one.is(RELATION) && !one.column().isEmpty())
                .filter(one -> name.equals(Use.ALL) || one.column().equals(name))
                .toList();
    }

    private boolean isUsed(Leaving one, Uses uses) {
        return switch (one.kind()) {
            case RELATION -> uses.relations().stream().anyMatch(use -> needs(use, one))
                    || one.column().isEmpty() && isNamed(uses.types(), one);
            case SEQUENCE -> isNamed(uses.sequences(), one)
                    || uses.relations().stream().anyMatch(use -> use.needs(one.schema(), one.name()));
            case TYPE -> isNamed(uses.types(), one);
            case FUNCTION -> uses.calls().stream().anyMatch(call -> isCalled(one, call));
            case TRIGGER -> false;
        };
    }

    private static boolean needs(Use use, Leaving one) {
        return one.column().isEmpty()
                ? use.needs(one.schema(), one.name())
                : use.needs(one.schema(), one.name(), one.column());
    }

    private static boolean isNamed(Set<Named> names, Leaving one) {
        return names.stream().anyMatch(name -> name.mayBe(one.schema(), one.name()));
    }

    private static boolean isCalled(Leaving one, Call call) {
        return call.function().mayBe(one.schema(), one.name())
                && one.arguments().fit(call.arguments());
    }

    /** True if each call that may be its may also be that of another function of its name. */
    private boolean hasNamesake(Leaving one, Uses uses) {
        Map<Long, Arguments> others = staying.computeIfAbsent(one.name(), name -> {
            Map<Long, Arguments> all = new HashMap<>(catalog.functionsNamed(name));
            all.keySet().removeAll(functions);
            return all;
        });
        return uses.calls().stream().filter(call -> isCalled(one, call)).allMatch(call -> others.values().stream()
                .anyMatch(other -> other.fit(call.arguments())));
    }

    private Set<Long> ids(Leaving.Kind kind) {
        return leaving.stream().filter(one -> one.is(kind)).map(Leaving::id).collect(Collectors.toSet());
    }
}
