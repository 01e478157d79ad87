package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import java.util.List;

/**
 * What a table, index or the like is called.
 *
 * @param schema empty for what the search path finds, and for {@code public}, which it usually finds
 */
public record Name(String schema, String name) {
    public Name {
        schema = schema.equals("public") ? "" : schema;
    }

    /** Of a relation in a tree: a {@code RangeVar}. */
    public static Name of(Node relation) {
        return new Name(relation.text("schemaname"), relation.text("relname"));
    }

    /** Of a list of names in a tree, the schema first if there is one. */
    public static Name of(List<String> parts) {
        return new Name(parts.size() > 1 ? parts.get(parts.size() - 2) : "", parts.get(parts.size() - 1));
    }

    /** Another name in the same schema. */
    public Name sibling(String other) {
        return new Name(schema, other);
    }

    @Override
    public String toString() {
        return schema.isEmpty() ? name : schema + "." + name;
    }
}
