package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Name;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One of the things that an ALTER TABLE does. */
record Alteration(Name table, Node command) {
    String subtype() {
        return command.text("subtype");
    }

    /** The column or constraint that it names. */
    String name() {
        return command.text("name");
    }

    /** The column, constraint or value that it adds. */
    Node definition() {
        return command.child("def");
    }

    /** The column that it adds. */
    String addedColumn() {
        return definition().text("colname");
    }

    /** The constraints behind a column that it adds. */
    Stream<Node> columnConstraints(String... types) {
        return definition().children("constraints").stream()
                .filter(constraint -> List.of(types).contains(constraint.text("contype")));
    }

    Optional<Node> columnDefault() {
        return columnConstraints("CONSTR_DEFAULT")
                .map(constraint -> constraint.child("raw_expr"))
                .findFirst();
    }
}
