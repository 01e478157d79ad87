package io.pitstop.check.usage;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.usage.Scope.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads the items of FROM into a scope. */
final class From {
    private final Scope scope;
    private final BiConsumer<Table, String> use;
    private final Subquery subquery;
    private final List<Node> expressions = new ArrayList<>();

    /** @param use is told of each relation, and of columns that a join names without saying of which side */
    From(Scope scope, BiConsumer<Table, String> use, Subquery subquery) {
        this.scope = scope;
        this.use = use;
        this.subquery = subquery;
    }

    /** Reads a query that stands in another. */
    interface Subquery {
        void read(Node query, Optional<Scope> outer, Set<String> queries);
    }

    /** Returns the expressions in it, which see all of FROM. */
    List<Node> add(Node item) {
        read(item);
        return expressions;
    }

    private void read(Node item) {
        switch (item.kind()) {
            case "RangeVar" -> relation(item);
            case "JoinExpr" -> join(item);
            case "RangeTableSample" -> {
                read(item.child("relation"));
                expressions.addAll(item.children("args"));
            }
            case "RangeSubselect" -> {
                boolean lateral = item.flag("lateral");
                subquery.read(item.child("subquery"), lateral ? Optional.of(scope) : scope.outer(), scope.queries());
                scope.add(Uses.name(item), Optional.empty());
            }
            default -> {
                scope.add(Uses.name(item), Optional.empty());
                expressions.addAll(item.children());
            }
        }
    }

    private void relation(Node item) {
        String schema = item.text("schemaname");
        Table table = new Table(schema, item.text("relname"));
        boolean query = schema.isEmpty() && scope.queries().contains(table.name());
        scope.add(Uses.name(item), query ? Optional.empty() : Optional.of(table));
        if (!query) {
            use.accept(table, "");
        }
    }

    private void join(Node join) {
        int before = scope.tables().size();
        read(join.child("larg"));
        read(join.child("rarg"));
        List<Table> joined = scope.tables().subList(before, scope.tables().size());
        List<String> named = join.flag("isNatural") ? List.of(Use.ALL) : join.names("usingClause");
        for (String column : named) {
            joined.forEach(table -> use.accept(table, column));
        }
        if (join.child("alias").exists()) {
            scope.add(Uses.name(join), Optional.empty());
        }
        expressions.add(join.child("quals"));
    }
}
