package io.pitstop.check.script;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import java.util.Set;

/** Which statements cannot run in a transaction, and which of those Flyway knows. */
public final class Transactional {
    private static final Set<String> NEVER = Set.of(
            "AlterSystemStmt",
            "CreatedbStmt",
            "DropdbStmt",
            "CreateTableSpaceStmt",
            "DropTableSpaceStmt",
            "CreateSubscriptionStmt",
            "DropSubscriptionStmt");
    private static final Set<String> WHOLE =
            Set.of("REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_DATABASE", "REINDEX_OBJECT_SYSTEM");

    private Transactional() {}

    /** True if Flyway runs a script without a transaction because of this statement. */
    static boolean forbids(Statement statement) {
        Node node = statement.node();
        if (statement.inBlock()) {
            return false;
        }
        return switch (statement.kind()) {
            case "IndexStmt", "DropStmt" -> node.flag("concurrent");
            case "ReindexStmt" -> WHOLE.contains(node.text("kind"));
            case "VacuumStmt" -> node.flag("is_vacuumcmd");
            case "DiscardStmt" -> node.text("target").equals("DISCARD_ALL");
            default -> NEVER.contains(statement.kind());
        };
    }

    /** True if PostgreSQL refuses the statement in a transaction, whether Flyway knows it or not. */
    public static boolean isRefused(Statement statement) {
        Node node = statement.node();
        return switch (statement.kind()) {
            case "IndexStmt", "DropStmt" -> node.flag("concurrent");
            case "ReindexStmt" -> WHOLE.contains(node.text("kind")) || isConcurrent(node);
            case "VacuumStmt" -> node.flag("is_vacuumcmd");
            case "AlterTableStmt" -> node.children("cmds").stream()
                    .anyMatch(command -> command.child("def").flag("concurrent"));
            default -> forbids(statement) || NEVER.contains(statement.kind());
        };
    }

    /** True for {@code REINDEX … CONCURRENTLY}. */
    public static boolean isConcurrent(Node reindex) {
        return reindex.children("params").stream()
                .anyMatch(option -> option.text("defname").equals("concurrently"));
    }
}
