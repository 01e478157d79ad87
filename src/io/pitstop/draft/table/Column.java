package io.pitstop.draft.table;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A column as it is.
 *
 * @param type as SQL writes it, {@code character varying(20)} say
 * @param collation as SQL writes it; empty if it is the usual one of the type
 * @param byDefault the expression of its default
 * @param computed true if PostgreSQL gives its value: an identity, or a generated column
 */
public record Column(
        String name,
        String type,
        Optional<String> collation,
        boolean notNull,
        Optional<String> byDefault,
        boolean computed) {
    /** Types without an operator for equality. */
    private static final Set<String> INCOMPARABLE = Set.of("json", "xml", "point", "polygon", "txid_snapshot");

    private static final Pattern VOLATILE = Pattern.compile(
            "(?i)\\b(nextval|random|\\w*uuid\\w*|clock_timestamp|timeofday|statement_timestamp)\\s*\\(");

    public Column(String name, String type) {
        this(name, type, false, Optional.empty(), false);
    }

    /** With the usual collation. */
    public Column(String name, String type, boolean notNull, Optional<String> byDefault, boolean computed) {
        this(name, type, Optional.empty(), notNull, byDefault, computed);
    }

    /** True if each evaluation of the default may give another value. */
    public boolean hasVolatileDefault() {
        return byDefault
                .filter(expression -> VOLATILE.matcher(expression).find())
                .isPresent();
    }

    public String quoted() {
        return Identifier.quoted(name);
    }

    /** Its value in a row, comparable. */
    public String in(String row) {
        return row + "." + quoted() + (INCOMPARABLE.contains(type) ? "::text" : "");
    }

    /** Type and collation, as they stand in a definition. */
    public String declared() {
        return type + collation.map(" COLLATE "::concat).orElse("");
    }

    /** The same under another name: nullable, without default. */
    public Column as(String other) {
        return new Column(other, type, collation, false, Optional.empty(), false);
    }
}
