package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.script.Script;

/** Carries out what is done to a table. */
final class TableReplay {
    private final Schema schema;
    private final Script script;

    TableReplay(Schema schema, Script script) {
        this.schema = schema;
        this.script = script;
    }

    void alter(Node statement) {
        Name table = Name.of(statement.child("relation"));
        if (statement.text("objtype").equals("OBJECT_TABLE")) {
            statement.children("cmds").forEach(command -> alter(table, command));
        }
    }

    private void alter(Name table, Node command) {
        String name = command.text("name");
        Node definition = command.child("def");
        Table open = schema.open(table);
        switch (command.text("subtype")) {
            case "AT_AddColumn" -> addColumn(table, definition);
            case "AT_DropColumn" -> {
                open.dropColumn(name);
                schema.dropIndexesWith(table, name);
            }
            case "AT_AddConstraint" -> addConstraint(table, definition, "");
            case "AT_DropConstraint" -> schema.dropConstraint(table, name, script);
            case "AT_ValidateConstraint" -> open.validate(name);
            case "AT_SetNotNull" -> open.change(name, column -> column.notNull(true));
            case "AT_DropNotNull" -> open.change(name, column -> column.notNull(false));
            case "AT_AlterColumnType" -> {
                Type type = Type.of(definition.child("typeName"));
                open.change(name, column -> column.withType(type));
            }
            case "AT_ColumnDefault" -> open.change(name, column -> column.withDefault(definition.exists()));
            default -> {}
        }
    }

    void addColumn(Name table, Node definition) {
        String name = definition.text("colname");
        Node type = definition.child("typeName");
        boolean filled = Type.isSerial(type);
        schema.open(table).put(new Column(name, Type.of(type), filled, filled, script));
        for (Node constraint : definition.children("constraints")) {
            switch (constraint.text("contype")) {
                case "CONSTR_NOTNULL" -> schema.open(table).change(name, column -> column.notNull(true));
                case "CONSTR_DEFAULT" -> schema.open(table).change(name, column -> column.withDefault(true));
                case "CONSTR_IDENTITY" -> schema.open(table)
                        .change(name, column -> column.notNull(true).withDefault(true));
                case "CONSTR_GENERATED" -> schema.open(table).change(name, column -> column.withDefault(true));
                case "CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_FOREIGN", "CONSTR_CHECK" -> addConstraint(
                        table, constraint, name);
                default -> {}
            }
        }
    }

    void addConstraint(Name table, Node definition, String column) {
        Constraint constraint = Constraint.of(definition, table, column);
        String usingIndex = definition.text("indexname");
        if (constraint.hasIndex() && !usingIndex.isEmpty()) {
            adopt(table, constraint, usingIndex, definition.text("conname"));
            return;
        }
        schema.open(table).put(constraint);
        if (constraint.hasIndex()) {
            Name name = table.sibling(constraint.name());
            schema.put(new Index(name, table, constraint.columns(), true, true, script));
        }
    }

    /** The constraint takes over the columns of an index, which takes over its name. */
    private void adopt(Name table, Constraint constraint, String indexName, String givenName) {
        Index index = schema.index(table.sibling(indexName)).orElse(null);
        if (index == null) {
            schema.open(table).put(constraint);
            return;
        }
        String name = givenName.isEmpty() ? indexName : givenName;
        schema.open(table)
                .put(new Constraint(name, constraint.kind(), index.keys(), null, constraint.referenced(), true));
        schema.renameIndex(index.name(), table.sibling(name));
    }
}
