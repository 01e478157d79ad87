package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What came into PostgreSQL after the oldest version that is supported. */
final class Features {
    private static final Set<String> INVOKER = Set.of("security_invoker");

    private Features() {}

    /** @param since major version */
    record Feature(String what, int since) {}

    static List<Feature> of(Statement statement) {
        Node node = statement.node();
        List<Feature> found = new ArrayList<>();
        switch (statement.kind()) {
            case "MergeStmt" -> found.add(new Feature("MERGE", 15));
            case "IndexStmt" -> add(node.flag("nulls_not_distinct"), "NULLS NOT DISTINCT", 15, found);
            case "CreateTrigStmt" -> add(node.flag("replace"), "CREATE OR REPLACE TRIGGER", 14, found);
            case "CreateFunctionStmt" -> add(node.child("sql_body").exists(), "a body without quotes", 14, found);
            case "ViewStmt" -> add(
                    node.children("options").stream().anyMatch(option -> INVOKER.contains(option.text("defname"))),
                    "security_invoker",
                    15,
                    found);
            default -> {}
        }
        Scene.alterations(statement).forEach(alteration -> of(alteration, found));
        node.all("Constraint").forEach(constraint -> ofConstraint(constraint, found));
        return found;
    }

    private static void of(Alteration alteration, List<Feature> found) {
        switch (alteration.subtype()) {
            case "AT_DetachPartition" -> add(
                    alteration.definition().flag("concurrent"), "DETACH PARTITION CONCURRENTLY", 14, found);
            case "AT_SetCompression" -> found.add(new Feature("SET COMPRESSION", 14));
            case "AT_SetAccessMethod" -> found.add(new Feature("SET ACCESS METHOD", 15));
            case "AT_SetExpression" -> found.add(new Feature("SET EXPRESSION", 17));
            case "AT_AddConstraint" -> add(
                    alteration.definition().text("contype").equals("CONSTR_NOTNULL"),
                    "ADD NOT NULL as a constraint",
                    18,
                    found);
            default -> {}
        }
    }

    private static void ofConstraint(Node constraint, List<Feature> found) {
        boolean isVirtual = constraint.text("generated_kind").equals("v");
        add(isVirtual, "a column that is VIRTUAL", 18, found);
        add(constraint.flag("nulls_not_distinct"), "NULLS NOT DISTINCT", 15, found);
        add(
                constraint.flag("without_overlaps") || constraint.flag("fk_with_period"),
                "a key WITHOUT OVERLAPS",
                18,
                found);
    }

    private static void add(boolean there, String what, int since, List<Feature> found) {
        if (there) {
            found.add(new Feature(what, since));
        }
    }
}
