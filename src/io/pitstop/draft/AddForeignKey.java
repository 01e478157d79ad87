package io.pitstop.draft;

import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Binding;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Index;
import io.pitstop.draft.table.Table;
import java.util.List;

/**
 * Lets a column point to rows of another table.
 *
 * @param references the other table
 * @param key its column
 */
public record AddForeignKey(Table table, String column, Table references, String key) implements Change {
    @Override
    public Draft draft() {
        String from = table.column(column).quoted();
        String to = Identifier.quoted(key);
        Strictness strictness = new Strictness(table);
        if (table.indexes().stream().noneMatch(this::begins)
                && !table.key().get(0).equals(column)) {
            strictness.index(List.of(column));
        }
        strictness.foreignKey(List.of(column), references.sql() + " (" + to + ")");
        Draft.Builder draft = new Draft.Builder()
                .scripts(strictness.scripts())
                .note("From finish on, a " + column + " that " + references.name() + " does not know is refused, from"
                        + " version 1 as well, and so is the delete of a row that is pointed to.")
                .note("Count what would be refused, and mend it first: SELECT count(*) FROM " + table.sql()
                        + " y WHERE y." + from + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + references.sql()
                        + " x WHERE x." + to + " = y." + from + ")");
        table.bindings().stream()
                .filter(binding -> binding.kind() == Binding.Kind.FOREIGN_KEY
                        && binding.columns().contains(column))
                .forEach(binding -> draft.note("There is " + binding.name() + " already: " + binding.definition()));
        return draft.build();
    }

    private boolean begins(Index index) {
        return (index.plain() || index.constraint()) && index.columns().get(0).equals(column);
    }
}
