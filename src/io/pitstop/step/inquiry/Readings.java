package io.pitstop.step.inquiry;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Parsed;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.usage.Uses;
import io.pitstop.evidence.LiveCatalog;
import io.pitstop.evidence.Ran;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Reads statements for what they use of that which goes, also by way of functions that stay. */
final class Readings {
    private static final int LONGEST = 100;

    private final Departing departing;
    private final KeptFunctions functions;
    private final LiveCatalog catalog;
    private final Grammar grammar;
    private final Set<String> names;

    Readings(Departing departing, KeptFunctions functions, LiveCatalog catalog, Grammar grammar) {
        this.departing = departing;
        this.functions = functions;
        this.catalog = catalog;
        this.grammar = grammar;
        this.names = new HashSet<>(departing.names());
        names.addAll(functions.names());
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
        if (names.stream().noneMatch(name -> KeptFunctions.mentions(ran.text(), name))) {
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
                used.addAll(departing.used(uses));
                used.addAll(functions.usedBy(uses));
                // Nobody reads what is between the quotes of DO, and it mentions what goes.
                readable &= !statement.kind().equals("DoStmt");
                readable &= !functions.mayBeUsedBy(uses) && !departing.mayUse(uses);
            }
        }
        return new Reading(ran, used, readable, dump);
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
}
