package io.pitstop.check.trial;

import io.pitstop.check.grammar.Statement;
import java.util.Set;

/** Which statements are not tried, because they reach beyond the database or say nothing there, and which failures matter. */
final class Playable {
    private static final Set<String> BEYOND = Set.of(
            "AlterSystemStmt",
            "CreatedbStmt",
            "DropdbStmt",
            "AlterDatabaseStmt",
            "AlterDatabaseSetStmt",
            "CreateTableSpaceStmt",
            "DropTableSpaceStmt",
            "CreateSubscriptionStmt",
            "AlterSubscriptionStmt",
            "DropSubscriptionStmt",
            "CreateRoleStmt",
            "AlterRoleStmt",
            "AlterRoleSetStmt",
            "DropRoleStmt",
            "LoadStmt");
    /** Rows are in no script that is tried, and transactions are ours. */
    private static final Set<String> POINTLESS = Set.of("CopyStmt", "TransactionStmt");

    private static final Set<String> REFUSALS = Set.of("0A000", "25001", "2BP01", "2D000", "3F000", "55P04");
    /** A table, schema, function or type. */
    private static final Set<String> UNKNOWN_NAME = Set.of("42P01", "3F000", "42883", "42704");

    private static final Set<String> NO_FILE = Set.of("0A000", "58P01", "42501");

    private Playable() {}

    static boolean isTried(Statement statement) {
        return !BEYOND.contains(statement.kind()) && !POINTLESS.contains(statement.kind());
    }

    /**
     * True if production will refuse the statement as well: it is not about rows, rights or this server.
     *
     * @param complete false if production may have what no script has made
     */
    static boolean isRefusal(String state, boolean complete) {
        return (complete || !UNKNOWN_NAME.contains(state)) && isRefusal(state);
    }

    private static boolean isRefusal(String state) {
        return state.startsWith("42") && !state.equals("42501") || REFUSALS.contains(state);
    }

    /** True if this server does not have the extension, or keeps it for an administrator. */
    static boolean lacksExtension(Statement statement, String state) {
        return statement.kind().equals("CreateExtensionStmt") && NO_FILE.contains(state);
    }
}
