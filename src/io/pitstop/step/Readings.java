package io.pitstop.step;

import io.pitstop.archive.Leaving;
import io.pitstop.check.grammar.Block;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Parsed;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.usage.Use;
import io.pitstop.check.usage.Uses;
import io.pitstop.evidence.LiveCatalog;
import io.pitstop.evidence.Ran;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads statements for what they use of that which goes, also by way of functions that stay. */
final class Readings {
    private static final int LONGEST = 100;

    private final List<Leaving> leaving;
    private final LiveCatalog catalog;
    private final Grammar grammar;

    /** What functions that stay use, by their names. */
    private final Map<String, Set<String>> functions = new HashMap<>();

    /** Functions that mention what goes where nobody can read what for, such as in a loop over rows. */
    private final Set<String> doubtful = new HashSet<>();

    private final Set<String> names;

    Readings(List<Leaving> leaving, LiveCatalog catalog, Grammar grammar) {
        this.leaving = leaving;
        this.catalog = catalog;
        this.grammar = grammar;
        Set<String> going = leaving.stream().map(Leaving::name).collect(Collectors.toSet());
        for (LiveCatalog.Function function : catalog.functionsThatMention(going)) {
            Set<String> used = goes(function) ? Set.of() : inside(function);
            if (!used.isEmpty()) {
                functions
                        .computeIfAbsent(function.name(), none -> new TreeSet<>())
                        .addAll(used);
            } else if (!goes(function) && !function.sql() && mayUse(function)) {
                doubtful.add(function.name());
            }
        }
        names = new HashSet<>(going);
        names.addAll(functions.keySet());
        names.addAll(doubtful);
    }

    /**
     * @param uses what it uses of that which goes
     * @param readable false if nobody can tell
     * @param dump true if it copies a whole table out, with the columns that there are: it goes on without them
     */
    record Reading(Ran ran, Set<String> uses, boolean readable, boolean dump) {
        @Override
        public String toString() {
            String text = ran.text().replaceAll("\\s+", " ").strip();
            // The server hides the values in plain statements only.
            boolean plain =
                    text.matches("(?i)(select|insert|update|delete|merge|with)\\b.*") || !readable && text.isEmpty();
            String shown = plain ? text : text.replaceFirst(" .*", " …");
            String cut = shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
            String what = uses.isEmpty() ? "" : " uses " + String.join(", ", uses);
            return "\"" + cut + "\"" + what + " (" + ran.role() + ", " + ran.calls() + " times)";
        }
    }

    Reading of(Ran ran) {
        if (ran.text().isEmpty()) {
            return new Reading(ran, Set.of(), false, false);
        }
        if (names.stream().noneMatch(name -> mentions(ran.text(), name))) {
            return new Reading(ran, Set.of(), true, false);
        }
        Parsed parsed = grammar.read(ran.text());
        Set<String> used = new TreeSet<>();
        boolean dump = false;
        boolean readable = parsed.mistakes().isEmpty();
        for (Statement statement : parsed.statements()) {
            dump = isDump(statement);
            if (!dump) {
                Uses uses = Uses.of(statement, catalog::columns);
                used.addAll(going(uses));
                readable &= uses.functions().stream().noneMatch(doubtful::contains)
                        && uses.relations().stream().noneMatch(this::mayNeed);
                uses.functions().forEach(function -> functions
                        .getOrDefault(function, Set.of())
                        .forEach(what -> used.add(what + " by " + function + "()")));
            }
        }
        return new Reading(ran, used, readable, dump);
    }

    private Set<String> going(Uses uses) {
        Set<String> going = new TreeSet<>();
        for (Leaving one : leaving) {
            boolean used = one.function()
                    ? uses.functions().contains(one.name())
                    : uses.relations().stream().anyMatch(use -> needs(use, one));
            if (used) {
                going.add(one.toString());
            }
        }
        return going;
    }

    /** True if a row of a table that loses columns is used as one value. */
    private boolean mayNeed(Use use) {
        return use.column().equals(Use.ROW) && leaving.stream().anyMatch(one -> use.needs(one.schema(), one.name()));
    }

    private static boolean needs(Use use, Leaving one) {
        return one.column().isEmpty()
                ? use.needs(one.schema(), one.name())
                : use.needs(one.schema(), one.name(), one.column());
    }

    /** What a function that stays uses in its body. */
    private Set<String> inside(LiveCatalog.Function function) {
        Set<String> used = new TreeSet<>();
        for (Statement statement : statements(function)) {
            used.addAll(going(Uses.of(statement, catalog::columns)));
        }
        return used;
    }

    private boolean goes(LiveCatalog.Function function) {
        return leaving.stream()
                .anyMatch(one -> one.function()
                        && one.schema().equals(function.schema())
                        && one.name().equals(function.name()));
    }

    private boolean mayUse(LiveCatalog.Function function) {
        return leaving.stream()
                .anyMatch(one -> mentions(function.body(), one.name()) && mentions(function.body(), one.column()));
    }

    private List<Statement> statements(LiveCatalog.Function function) {
        List<Statement> read = grammar.read(function.body()).statements();
        if (function.sql()) {
            return read;
        }
        return read.stream()
                .map(grammar::block)
                .map(Block::statements)
                .flatMap(List::stream)
                .toList();
    }

    /** As pg_dump writes it. */
    private boolean isDump(Statement statement) {
        if (!statement.kind().equals("CopyStmt") || statement.node().flag("is_from")) {
            return false;
        }
        String schema = statement.node().child("relation").text("schemaname");
        String name = statement.node().child("relation").text("relname");
        Set<String> columns = Set.copyOf(statement.node().names("attlist"));
        return !schema.isEmpty()
                && !statement.node().child("query").exists()
                && columns.equals(catalog.columns(schema, name));
    }

    private static boolean mentions(String text, String name) {
        return text.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
    }
}
