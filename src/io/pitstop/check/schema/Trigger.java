package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.script.Script;
import java.util.List;

/**
 * A trigger of a table.
 *
 * @param columns of {@code UPDATE OF}; empty if it does not name any
 * @param condition its WHEN
 * @param function that it calls, without schema
 */
public record Trigger(
        String name,
        Name table,
        boolean row,
        boolean before,
        boolean onInsert,
        boolean onUpdate,
        List<String> columns,
        Node condition,
        String function,
        Script createdBy) {
    private static final int BEFORE = 2;
    private static final int INSERT = 4;
    private static final int UPDATE = 16;

    public Trigger {
        columns = List.copyOf(columns);
    }

    /** @param statement a {@code CreateTrigStmt} */
    public static Trigger of(Node statement, Script script) {
        int events = statement.number("events");
        return new Trigger(
                statement.text("trigname"),
                Name.of(statement.child("relation")),
                statement.flag("row"),
                (statement.number("timing") & BEFORE) != 0,
                (events & INSERT) != 0,
                (events & UPDATE) != 0,
                statement.names("columns"),
                statement.child("whenClause"),
                Name.of(statement.names("funcname")).name(),
                script);
    }
}
