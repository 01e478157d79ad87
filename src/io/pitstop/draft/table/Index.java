package io.pitstop.draft.table;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An index that is not the primary key.
 *
 * @param columns in its order; empty if it has expressions
 * @param constraint true if a UNIQUE constraint owns it
 * @param plain true if it is a B-tree of columns and nothing else, so that it can be made anew for others
 * @param definition as PostgreSQL writes it
 */
public record Index(
        String name, List<String> columns, boolean unique, boolean constraint, boolean plain, String definition) {
    public Index {
        columns = List.copyOf(columns);
    }

    /** Whether it would go with a column, be that one of its columns or part of an expression. */
    public boolean isOf(Column column) {
        return columns.contains(column.name())
                || Pattern.compile("[(, ]" + Pattern.quote(column.quoted()) + "[), ]")
                        .matcher(definition.replaceFirst(".*? USING ", ""))
                        .find();
    }
}
