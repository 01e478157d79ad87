package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How many rows a statement may touch. */
final class Rows {
    private static final Set<String> WRITES = Set.of("UpdateStmt", "DeleteStmt", "MergeStmt");
    /** Names of columns that are a key by all odds, where no script tells the keys of a table. */
    private static final Set<String> KEYS = Set.of("id", "key", "code", "uuid");

    private Rows() {}

    /** The table of an UPDATE, DELETE or MERGE; empty for other statements. */
    static Optional<Name> written(Statement statement) {
        return WRITES.contains(statement.kind())
                ? Optional.of(Name.of(statement.node().child("relation")))
                : Optional.empty();
    }

    /** True if WHERE names the rows by constants for a key, so that there are as many of them as were written down. */
    static boolean isBounded(Statement statement, Schema schema) {
        Name table = Name.of(statement.node().child("relation"));
        Set<String> bound = new HashSet<>();
        bind(statement.node().child("whereClause"), bound);
        boolean created =
                schema.table(table).flatMap(found -> found.createdBy()).isPresent();
        if (!created && bound.stream().anyMatch(KEYS::contains)) {
            return true;
        }
        return schema.indexesOf(table).stream()
                .filter(Index::unique)
                .anyMatch(index -> bound.containsAll(index.keys()));
    }

    /** An INSERT … SELECT, CREATE TABLE AS or SELECT INTO reads other tables: those. */
    static List<Name> copied(Statement statement) {
        Node query =
                switch (statement.kind()) {
                    case "InsertStmt" -> statement.node().child("selectStmt");
                    case "CreateTableAsStmt" -> statement.node().text("objtype").equals("OBJECT_TABLE")
                            ? statement.node().child("query")
                            : statement.node().child("nothing");
                    case "SelectStmt" -> statement.node().child("intoClause").exists()
                            ? statement.node()
                            : statement.node().child("nothing");
                    default -> statement.node().child("nothing");
                };
        return query.exists()
                ? query.children("fromClause").stream()
                        .flatMap(from -> from.all("RangeVar"))
                        .map(Name::of)
                        .toList()
                : List.of();
    }

    private static void bind(Node where, Set<String> bound) {
        if (where.text("boolop").equals("AND_EXPR")) {
            where.children("args").forEach(each -> bind(each, bound));
        } else if (where.is("A_Expr") && where.names("name").equals(List.of("="))) {
            Node left = where.child("lexpr");
            Node right = where.child("rexpr");
            if (left.is("ColumnRef") && isConstant(right)) {
                bound.add(column(left));
            } else if (right.is("ColumnRef") && isConstant(left)) {
                bound.add(column(right));
            }
        }
    }

    static String column(Node reference) {
        List<String> names = reference.names("fields");
        return names.get(names.size() - 1);
    }

    private static boolean isConstant(Node value) {
        return value.exists()
                && value.all("ColumnRef").findAny().isEmpty()
                && value.all("SubLink").findAny().isEmpty();
    }
}
