package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Constraint;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Replay;
import io.pitstop.check.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which tables a statement locks so that others cannot write to them, or not even read them. Observed on PostgreSQL. */
final class Locks {
    /** Their lock lets readers and writers pass. */
    private static final Set<String> MILD = Set.of(
            "AT_ValidateConstraint",
            "AT_SetStatistics",
            "AT_SetRelOptions",
            "AT_ResetRelOptions",
            "AT_SetOptions",
            "AT_ResetOptions",
            "AT_ClusterOn",
            "AT_DropCluster",
            "AT_AttachPartition");

    private final Schema schema;
    private final Set<Name> locked = new LinkedHashSet<>();

    private Locks(Schema schema) {
        this.schema = schema;
    }

    /** @param schema before or after the statement, whichever knows more of its tables */
    static Set<Name> of(Statement statement, Schema schema) {
        Locks locks = new Locks(schema);
        locks.add(statement);
        return locks.locked;
    }

    private void add(Statement statement) {
        Node node = statement.node();
        switch (statement.kind()) {
            case "AlterTableStmt" -> Scene.alterations(statement).forEach(this::add);
            case "CreateStmt" -> create(node);
            case "IndexStmt" -> {
                if (!node.flag("concurrent")) {
                    relation(node);
                }
            }
            case "CreateTrigStmt", "RuleStmt" -> relation(node);
            case "CreatePolicyStmt", "AlterPolicyStmt" -> locked.add(Name.of(node.child("table")));
            case "RenameStmt", "AlterObjectSchemaStmt" -> rename(node);
            case "TruncateStmt" -> node.children("relations").forEach(table -> locked.add(Name.of(table)));
            case "DropStmt" -> node.children("objects").forEach(object -> drop(node, Replay.names(object)));
            default -> {}
        }
    }

    private void add(Alteration alteration) {
        if (MILD.contains(alteration.subtype())) {
            return;
        }
        locked.add(alteration.table());
        List<Node> constraints = new ArrayList<>(alteration.definition().children("constraints"));
        constraints.add(alteration.definition());
        constraints.forEach(this::reference);
        if (alteration.subtype().equals("AT_DropConstraint")) {
            schema.table(alteration.table())
                    .flatMap(table -> table.constraint(alteration.name()))
                    .map(Constraint::references)
                    .ifPresent(locked::add);
        }
    }

    private void create(Node statement) {
        statement.children("inhRelations").forEach(parent -> locked.add(Name.of(parent)));
        for (Node element : statement.children("tableElts")) {
            reference(element);
            element.children("constraints").forEach(this::reference);
        }
    }

    private void reference(Node constraint) {
        if (constraint.text("contype").equals("CONSTR_FOREIGN")) {
            locked.add(Name.of(constraint.child("pktable")));
        }
    }

    private void rename(Node statement) {
        String type = statement.text("renameType") + statement.text("objectType");
        if (Set.of("OBJECT_TABLE", "OBJECT_COLUMN", "OBJECT_TABCONSTRAINT").contains(type)) {
            relation(statement);
        }
    }

    private void drop(Node statement, List<String> names) {
        switch (statement.text("removeType")) {
            case "OBJECT_TABLE" -> {
                Name table = Name.of(names);
                locked.add(table);
                schema.table(table).ifPresent(found -> found.constraints().stream()
                        .map(Constraint::references)
                        .filter(other -> other != null)
                        .forEach(locked::add));
            }
            case "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE" -> locked.add(
                    Name.of(names.subList(0, names.size() - 1)));
            case "OBJECT_INDEX" -> {
                if (!statement.flag("concurrent")) {
                    schema.index(Name.of(names)).map(Index::table).ifPresent(locked::add);
                }
            }
            default -> {}
        }
    }

    private void relation(Node statement) {
        locked.add(Name.of(statement.child("relation")));
    }
}
