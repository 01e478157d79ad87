package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.script.Script;
import java.util.List;

/**
 * An index.
 *
 * @param keys its columns in their order; an expression is its tree
 * @param plain true if it holds every row, in the default order, with nothing beside the keys
 * @param createdBy null if no script says
 */
public record Index(Name name, Name table, List<String> keys, boolean unique, boolean plain, Script createdBy) {
    public Index {
        keys = List.copyOf(keys);
    }

    /** @param statement an {@code IndexStmt} */
    public static Index of(Node statement, Script script) {
        Name table = Name.of(statement.child("relation"));
        List<Node> elements = statement.children("indexParams");
        List<String> keys = elements.stream().map(Index::key).toList();
        String given = statement.text("idxname");
        List<String> words = elements.stream()
                .map(e -> e.text("name").isEmpty() ? "expr" : e.text("name"))
                .toList();
        String name = given.isEmpty() ? table.name() + "_" + String.join("_", words) + "_idx" : given;
        boolean plain = !statement.child("whereClause").exists()
                && statement.children("indexIncludingParams").isEmpty()
                && statement.text("accessMethod").equals("btree")
                && elements.stream().allMatch(Index::isPlain);
        return new Index(table.sibling(name), table, keys, statement.flag("unique"), plain, script);
    }

    Index on(Name now) {
        return new Index(name, now, keys, unique, plain, createdBy);
    }

    Index named(Name now) {
        return new Index(now, table, keys, unique, plain, createdBy);
    }

    private static String key(Node element) {
        String column = element.text("name");
        return column.isEmpty() ? element.child("expr").toString().replaceAll("\"location\":-?\\d+", "") : column;
    }

    private static boolean isPlain(Node element) {
        return element.text("ordering").equals("SORTBY_DEFAULT")
                && element.text("nulls_ordering").equals("SORTBY_NULLS_DEFAULT")
                && element.children("opclass").isEmpty()
                && element.children("collation").isEmpty();
    }
}
