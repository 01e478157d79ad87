package io.pitstop.check.usage;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.usage.Scope.Item;
import io.pitstop.check.usage.Scope.Table;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one statement uses. Names are resolved as PostgreSQL does, but for columns of subqueries: those are looked for in
 * the tables around, so that a use may be reported that is none, never the other way round.
 */
public final class Uses {
    /** Functions that take the name of a sequence. */
    public static final Set<String> DRAWING = Set.of("nextval", "currval", "setval");

    private final Relations relations;
    private final Set<Use> uses = new LinkedHashSet<>();
    private final Set<Field> records = new LinkedHashSet<>();
    private final Mentions mentions = new Mentions();

    private Uses(Relations relations) {
        this.relations = relations;
    }

    /** Reads a statement; one that neither reads nor writes rows uses nothing. */
    public static Uses of(Statement statement, Relations relations) {
        Uses found = new Uses(relations);
        Node node = statement.node();
        switch (node.kind()) {
            case "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt" -> found.query(
                    node, Optional.empty(), Set.of());
            case "DeclareCursorStmt", "CreateTableAsStmt" -> found.query(
                    node.child("query"), Optional.empty(), Set.of());
            case "CallStmt" -> found.call(node.child("funccall"), new Scope(Optional.empty(), Set.of()));
            default -> {}
        }
        return found;
    }

    public Set<Use> relations() {
        return Set.copyOf(uses);
    }

    public Set<Call> calls() {
        return mentions.calls();
    }

    /** Types that it casts to or gives to columns. */
    public Set<Named> types() {
        return mentions.types();
    }

    /** Sequences that it draws from, by nextval and the like. */
    public Set<Named> sequences() {
        return mentions.sequences();
    }

    /** Fields of what is neither a relation nor a query in it. */
    public Set<Field> fields() {
        return Set.copyOf(records);
    }

    private void query(Node query, Optional<Scope> outer, Set<String> queries) {
        Scope scope = new Scope(outer, with(query.child("withClause"), outer, queries));
        switch (query.kind()) {
            case "InsertStmt" -> insert(query, scope);
            case "UpdateStmt", "DeleteStmt", "MergeStmt" -> change(query, scope);
            case "CopyStmt" -> copy(query, scope);
            default -> select(query, scope);
        }
    }

    /** Reads the queries of WITH; a query sees those before it, and itself if it is recursive. */
    private Set<String> with(Node with, Optional<Scope> outer, Set<String> queries) {
        Set<String> names = new HashSet<>(queries);
        for (Node each : with.children("ctes")) {
            if (with.flag("recursive")) {
                names.add(each.text("ctename"));
            }
            query(each.child("ctequery"), outer, names);
            names.add(each.text("ctename"));
        }
        return names;
    }

    private void select(Node select, Scope scope) {
        if (select.child("larg").exists()) {
            select(select.child("larg"), inner(select.child("larg"), scope));
            select(select.child("rarg"), inner(select.child("rarg"), scope));
            return; // its ORDER BY knows nothing but the names of what comes out
        }
        from(select.children("fromClause"), scope);
        Set<String> results = new HashSet<>();
        for (Node result : select.children("targetList")) {
            results.add(result.text("name"));
        }
        for (String field : List.of("targetList", "groupClause", "windowClause", "valuesLists", "distinctClause")) {
            select.children(field).forEach(part -> walk(part, scope));
        }
        for (String field : List.of("whereClause", "havingClause", "limitCount", "limitOffset")) {
            walk(select.child(field), scope);
        }
        for (Node sort : select.children("sortClause")) {
            List<String> name = sort.child("node").names("fields");
            if (name.size() != 1 || !results.contains(name.get(0))) {
                walk(sort.child("node"), scope);
            }
        }
    }

    /** A branch of UNION and the like has a FROM, and perhaps a WITH, of its own. */
    private Scope inner(Node branch, Scope scope) {
        return new Scope(scope.outer(), with(branch.child("withClause"), scope.outer(), scope.queries()));
    }

    private void insert(Node insert, Scope scope) {
        Table target = target(insert, scope);
        Node source = insert.child("selectStmt");
        List<Node> columns = insert.children("cols");
        columns.forEach(column -> use(target, column.text("name")));
        if (columns.isEmpty() && source.exists()) {
            use(target, Use.ALL);
        }
        if (source.exists()) {
            query(source, scope.outer(), scope.queries());
        }
        Node conflict = insert.child("onConflictClause");
        conflict.child("infer").children("indexElems").forEach(column -> useIfNamed(target, column));
        scope.add("excluded", Optional.of(target));
        assign(conflict.children("targetList"), target, scope);
        walk(conflict.child("infer"), scope);
        walk(conflict.child("whereClause"), scope);
        returning(insert, scope);
    }

    private void change(Node change, Scope scope) {
        Table target = target(change, scope);
        from(change.children("fromClause"), scope);
        from(change.children("usingClause"), scope);
        if (change.child("sourceRelation").exists()) {
            from(List.of(change.child("sourceRelation")), scope);
        }
        assign(change.children("targetList"), target, scope);
        walk(change.child("whereClause"), scope);
        walk(change.child("joinCondition"), scope);
        for (Node when : change.children("mergeWhenClauses")) {
            walk(when.child("condition"), scope);
            assign(when.children("targetList"), target, scope);
            when.children("values").forEach(value -> walk(value, scope));
            if (when.text("commandType").equals("CMD_INSERT")
                    && when.children("targetList").isEmpty()) {
                use(target, Use.ALL);
            }
        }
        returning(change, scope);
    }

    private void copy(Node copy, Scope scope) {
        if (copy.child("query").exists()) {
            query(copy.child("query"), scope.outer(), scope.queries());
            return;
        }
        Table target = target(copy, scope);
        List<String> columns = copy.names("attlist");
        (columns.isEmpty() ? List.of(Use.ALL) : columns).forEach(column -> use(target, column));
        walk(copy.child("whereClause"), scope);
    }

    private Table target(Node statement, Scope scope) {
        Node relation = statement.child("relation");
        Table table = new Table(relation.text("schemaname"), relation.text("relname"));
        scope.add(name(relation), Optional.of(table));
        use(table, "");
        return table;
    }

    private void assign(List<Node> columns, Table target, Scope scope) {
        for (Node column : columns) {
            use(target, column.text("name"));
            walk(column.child("val"), scope);
        }
    }

    private void returning(Node statement, Scope scope) {
        statement.children("returningList").forEach(result -> walk(result, scope));
        Node clause = statement.child("returningClause");
        clause.children("options").forEach(option -> scope.find(name(statement.child("relation")))
                .ifPresent(target -> scope.add(option.text("value"), target.table())));
        clause.children("exprs").forEach(result -> walk(result, scope));
    }

    private void from(List<Node> items, Scope scope) {
        // An expression may mean what stands after it.
        List<Node> expressions = items.stream()
                .flatMap(item -> new From(scope, this::use, this::query).add(item).stream())
                .toList();
        expressions.forEach(expression -> walk(expression, scope));
    }

    private void walk(Node node, Scope scope) {
        mentions.type(node.child("typeName"));
        switch (node.kind()) {
            case "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" -> query(
                    node, Optional.of(scope), scope.queries());
            case "ColumnRef" -> resolve(node, scope);
            case "FuncCall" -> call(node, scope);
            default -> node.children().forEach(child -> walk(child, scope));
        }
    }

    private void call(Node call, Scope scope) {
        mentions.call(call);
        call.children().forEach(child -> walk(child, scope));
    }

    private void resolve(Node reference, Scope scope) {
        List<Node> fields = reference.children("fields");
        boolean all = fields.get(fields.size() - 1).is("A_Star");
        List<String> name = fields.subList(0, fields.size() - (all ? 1 : 0)).stream()
                .map(Node::name)
                .toList();
        if (name.isEmpty()) {
            scope.tables().forEach(table -> use(table, Use.ALL));
        } else if (all) {
            of(name, scope)
                    .ifPresentOrElse(
                            table -> use(table, Use.ALL), () -> field(name.get(name.size() - 1), Use.ALL, scope));
        } else if (name.size() == 1) {
            if (!unqualified(name.get(0), scope)) {
                field(name.get(0), Use.ROW, scope);
            }
        } else {
            List<String> relation = name.subList(0, name.size() - 1);
            Optional<Item> item = scope.find(relation.get(relation.size() - 1));
            if (item.isPresent()) {
                of(relation, scope).ifPresent(table -> use(table, name.get(name.size() - 1)));
            } else if (!unqualified(name.get(0), scope)) { // no field of a column either
                records.add(new Field(name.get(0), name.get(1)));
            }
        }
    }

    private static Optional<Table> of(List<String> relation, Scope scope) {
        return scope.find(relation.get(relation.size() - 1)).flatMap(Item::table);
    }

    /** Returns false if no table has such a column, and none is called so. */
    private boolean unqualified(String name, Scope scope) {
        for (Optional<Scope> in = Optional.of(scope);
                in.isPresent();
                in = in.get().outer()) {
            List<Table> having = in.get().tables().stream()
                    .filter(table ->
                            relations.columns(table.schema(), table.name()).contains(name))
                    .toList();
            if (!having.isEmpty()) {
                having.forEach(table -> use(table, name));
                return true;
            }
        }
        Optional<Table> row = scope.find(name).flatMap(Item::table);
        row.ifPresent(table -> use(table, Use.ROW));
        return row.isPresent();
    }

    /** What FROM brings in may be a query, whose own text has been read. */
    private void field(String record, String name, Scope scope) {
        if (scope.find(record).isEmpty()) {
            records.add(new Field(record, name));
        }
    }

    private void useIfNamed(Table table, Node column) {
        if (!column.text("name").isEmpty()) {
            use(table, column.text("name"));
        }
    }

    private void use(Table table, String column) {
        uses.add(new Use(table.schema(), table.name(), column));
    }

    static String name(Node relation) {
        String alias = relation.child("alias").text("aliasname");
        return alias.isEmpty() ? relation.text("relname") : alias;
    }
}
