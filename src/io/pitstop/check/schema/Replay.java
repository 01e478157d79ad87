package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.script.Script;
import java.util.List;

/** Carries out statements on a {@link Schema} in memory. What does not change what we keep of it is passed over. */
public final class Replay {
    private final Schema schema;

    public Replay(Schema schema) {
        this.schema = schema;
    }

    public void apply(Statement statement, Script script) {
        Node node = statement.node();
        switch (statement.kind()) {
            case "CreateStmt" -> createTable(node, script);
            case "CreateTableAsStmt" -> createAs(node, script);
            case "AlterTableStmt" -> new TableReplay(schema, script).alter(node);
            case "IndexStmt" -> schema.put(Index.of(node, script));
            case "CreateTrigStmt" -> schema.put(Trigger.of(node, script));
            case "CreateFunctionStmt" -> schema.put(Routine.of(node, script));
            case "CreateDomainStmt" -> createDomain(node, script);
            case "AlterDomainStmt" -> alterDomain(node, script);
            case "ViewStmt" -> schema.putOther(Name.of(node.child("view")), script);
            case "CreateEnumStmt" -> schema.putOther(Name.of(node.names("typeName")), script);
            case "CompositeTypeStmt" -> schema.putOther(Name.of(node.child("typevar")), script);
            case "CreateSeqStmt" -> schema.putOther(Name.of(node.child("sequence")), script);
            case "DropStmt" -> drop(node, script);
            case "RenameStmt" -> rename(node);
            case "AlterObjectSchemaStmt" -> move(node);
            default -> {}
        }
    }

    private void createTable(Node statement, Script script) {
        Name name = Name.of(statement.child("relation"));
        if (statement.flag("if_not_exists") && schema.table(name).isPresent()) {
            return;
        }
        schema.put(new Table(name, script, statement.child("partspec").exists()));
        TableReplay table = new TableReplay(schema, script);
        for (Node element : statement.children("tableElts")) {
            if (element.is("ColumnDef")) {
                table.addColumn(name, element);
            } else if (element.is("Constraint")) {
                table.addConstraint(name, element, "");
            }
        }
    }

    private void createAs(Node statement, Script script) {
        Name name = Name.of(statement.child("into").child("rel"));
        if (statement.text("objtype").equals("OBJECT_TABLE")) {
            schema.put(new Table(name, script, false));
        } else {
            schema.putOther(name, script);
        }
    }

    private void createDomain(Node statement, Script script) {
        Name name = Name.of(statement.names("domainname"));
        schema.putOther(name, script);
        boolean constrained = statement.children("constraints").stream()
                .map(Constraint::kind)
                .anyMatch(kind -> kind == Constraint.Kind.CHECK || kind == Constraint.Kind.NOT_NULL);
        if (constrained) {
            schema.putConstrainedDomain(name.name(), script);
        }
    }

    private void alterDomain(Node statement, Script script) {
        if (List.of("C", "O").contains(statement.text("subtype"))) {
            schema.putConstrainedDomain(Name.of(statement.names("typeName")).name(), script);
        }
    }

    private void drop(Node statement, Script script) {
        for (Node object : statement.children("objects")) {
            List<String> parts = names(object);
            Name name = Name.of(parts);
            switch (statement.text("removeType")) {
                case "OBJECT_TABLE" -> schema.dropTable(name);
                case "OBJECT_INDEX" -> schema.dropIndex(name, script);
                case "OBJECT_TRIGGER" -> schema.dropTrigger(
                        Name.of(parts.subList(0, parts.size() - 1)), parts.get(parts.size() - 1));
                case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE" -> schema.dropRoutine(name.name());
                default -> schema.dropOther(name);
            }
        }
    }

    /** The parts of a name in a DROP, which differ by the kind of object. */
    public static List<String> names(Node object) {
        if (object.is("List")) {
            return object.names("items");
        }
        if (object.is("String")) {
            return List.of(object.name());
        }
        return object.names(object.is("TypeName") ? "names" : "objname");
    }

    private void rename(Node statement) {
        Name relation = Name.of(statement.child("relation"));
        String now = statement.text("newname");
        switch (statement.text("renameType")) {
            case "OBJECT_TABLE" -> schema.rename(relation, relation.sibling(now));
            case "OBJECT_COLUMN" -> schema.open(relation).rename(statement.text("subname"), now);
            case "OBJECT_TABCONSTRAINT" -> schema.open(relation).renameConstraint(statement.text("subname"), now);
            case "OBJECT_INDEX" -> schema.renameIndex(relation, relation.sibling(now));
            default -> {}
        }
    }

    private void move(Node statement) {
        if (statement.text("objectType").equals("OBJECT_TABLE")) {
            Name table = Name.of(statement.child("relation"));
            schema.rename(table, new Name(statement.text("newschema"), table.name()));
        }
    }
}
