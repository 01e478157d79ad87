package io.pitstop.prove.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Nothing of the agent is left: in the database, on the nodes, among the processes. */
public final class LeftoverCheck {
    private static final int LOOKS = 40;
    private static final long PAUSE_NANOS = 100_000_000;

    private static final String SESSIONS = "SELECT application_name FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name LIKE 'pitstop:%'"
            + " AND application_name NOT LIKE '%lock-watch' AND application_name NOT LIKE '%:prove' AND pid <> pg_backend_pid()";

    private static final String INVALID =
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready";

    private static final String OURS = "SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass FROM pg_trigger"
            + " WHERE NOT tgisinternal AND tgname LIKE '%pitstop%' AND tgrelid::regclass::text NOT LIKE 'pitstop%'";

    private static final String LOCKS =
            "SELECT 'advisory lock of ' || pid FROM pg_locks WHERE locktype = 'advisory' AND database ="
                    + " (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static final String PREPARED = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()";

    private LeftoverCheck() {}

    /** In the database; sessions of processes that were killed get four seconds to be noticed. */
    public static List<String> of(Connection session) throws SQLException {
        List<String> wrong = new ArrayList<>();
        List<String> sessions = Query.words(session, SESSIONS);
        for (int look = 0; look < LOOKS && !sessions.isEmpty(); look++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            sessions = Query.words(session, SESSIONS);
        }
        tell(wrong, "sessions", sessions);
        tell(wrong, "invalid indexes", Query.words(session, INVALID));
        tell(wrong, "triggers", Query.words(session, OURS));
        tell(wrong, "advisory locks", Query.words(session, LOCKS));
        tell(wrong, "prepared transactions", Query.words(session, PREPARED));
        return wrong;
    }

    /**
     * On a node: temporary files, and what may hold secrets.
     *
     * @param temporary the system's folder for temporary files, as the agent saw it
     */
    public static List<String> of(Path node, Path temporary) {
        List<String> wrong = new ArrayList<>();
        tell(wrong, "temporary files", files(temporary, ""));
        tell(wrong, "plans and outputs of Terraform", files(node.resolve(".pitstop"), "jtf-"));
        return wrong;
    }

    private static List<String> files(Path folder, String prefix) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file))
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the files of the node cannot be listed", e);
        }
    }

    private static void tell(List<String> wrong, String what, List<String> left) {
        if (!left.isEmpty()) {
            wrong.add("left behind: " + what + ": " + left);
        }
    }
}
