package io.pitstop.draft.sql;

import io.pitstop.draft.Draft.Script;
import io.pitstop.draft.table.Binding;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Index;
import io.pitstop.draft.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one column leaves to the one that takes its place: NOT NULL, indexes, foreign keys. */
public final class Heir {
    private static final Pattern REFERENCES = Pattern.compile("FOREIGN KEY \\((.*?)\\) (REFERENCES .*)");

    private final Table table;
    private final Column old;
    private final Column heir;
    private final Strictness strictness;
    private final List<String> notes = new ArrayList<>();

    /** @param heir NOT NULL if it can be */
    public Heir(Table table, Column old, Column heir) {
        this.table = table;
        this.old = old;
        this.heir = heir;
        this.strictness = new Strictness(table);
        table.indexes().stream().filter(index -> index.isOf(old)).forEach(this::index);
        table.bindings().stream()
                .filter(binding -> binding.columns().contains(old.name()))
                .filter(binding -> binding.kind() != Binding.Kind.DEPENDENT)
                .forEach(this::bind);
        if (heir.notNull()) {
            strictness.notNull(heir.name());
        }
    }

    public List<Script> scripts() {
        return strictness.scripts();
    }

    /** What could not be made anew. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    private void index(Index index) {
        if (!index.plain()) {
            note(index.definition());
        } else if (index.unique()) {
            strictness.unique(renamed(index.columns()), index.constraint());
        } else {
            strictness.index(renamed(index.columns()));
        }
    }

    private void bind(Binding binding) {
        Matcher references = REFERENCES.matcher(binding.definition());
        if (binding.kind() == Binding.Kind.FOREIGN_KEY && references.matches()) {
            List<String> columns = renamed(binding.columns());
            List<String> words = new ArrayList<>(List.of(table.name()));
            words.addAll(columns);
            words.add("fkey");
            strictness.foreignKey(
                    Identifier.of(words.toArray(String[]::new)),
                    "FOREIGN KEY (" + Identifier.list("", columns) + ") "
                            + references.group(2).replaceFirst(" NOT VALID$", ""));
        } else {
            note("CONSTRAINT " + Identifier.quoted(binding.name()) + " " + binding.definition());
        }
    }

    private void note(String definition) {
        notes.add(notMadeAnew(old.name(), definition, heir.name()));
    }

    /** What to say of something that goes with a column, and that its heir may need. */
    public static String notMadeAnew(String old, String definition, String heir) {
        return "What leaves with " + old + " and is not made anew: " + definition + ". If " + heir
                + " needs it, add it to finish.";
    }

    private List<String> renamed(List<String> columns) {
        return columns.stream()
                .map(column -> column.equals(old.name()) ? heir.name() : column)
                .toList();
    }
}
