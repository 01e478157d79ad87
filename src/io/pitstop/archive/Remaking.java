package io.pitstop.archive;

import io.pitstop.archive.Makings.Making;
import io.pitstop.database.Database;
import io.pitstop.database.LockPatience;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes objects again that need no rows, all that one script dropped in one transaction. */
final class Remaking {
    private final Work work;
    private final Makings makings;

    Remaking(Work work, Makings makings) {
        this.work = work;
        this.makings = makings;
    }

    /** What cannot be made is noted with the reason, and does not keep the others from coming back. */
    void run(String script, List<Making> open) throws SQLException {
        List<Making> missing = new ArrayList<>();
        for (Making making : open) {
            if (isThere(making.definition())) {
                makings.noteRestored(work.side(), making, "it was there already, and was left as it is");
            } else {
                missing.add(making);
            }
        }
        work.patiently("restore: what " + script + " dropped", transaction -> make(transaction, missing));
    }

    /** Nobody notes what depends on what: so those that fail are tried again as long as others succeed. */
    private void make(Connection transaction, List<Making> missing) throws SQLException {
        Map<Making, String> failed = new LinkedHashMap<>();
        missing.forEach(making -> failed.put(making, ""));
        int before;
        do {
            before = failed.size();
            for (Making making : List.copyOf(failed.keySet())) {
                String problem = attempt(transaction, making.definition().sql());
                if (problem.isEmpty()) {
                    failed.remove(making);
                    makings.noteRestored(transaction, making, dress(transaction, making.definition()));
                } else {
                    failed.put(making, problem);
                }
            }
        } while (failed.size() < before && !failed.isEmpty());
        for (Map.Entry<Making, String> left : failed.entrySet()) {
            makings.noteProblem(transaction, left.getKey(), left.getValue());
        }
    }

    /** Returns what could not be done; null if all was. */
    static String dress(Connection transaction, Definition definition) throws SQLException {
        List<String> problems = new ArrayList<>();
        for (String statement : definition.dress()) {
            String problem = attempt(transaction, statement);
            if (!problem.isEmpty()) {
                problems.add(statement + ": " + problem);
            }
        }
        return problems.isEmpty() ? null : "it is there, but for " + String.join("; ", problems);
    }

    /** Returns why it failed, and then has done nothing; empty if it succeeded. */
    static String attempt(Connection transaction, String sql) throws SQLException {
        Savepoint before = transaction.setSavepoint();
        try {
            Query.run(transaction, sql);
            transaction.releaseSavepoint(before);
            return "";
        } catch (SQLException e) {
            if (LockPatience.isNotFree(e) || Database.isOutside(e)) {
                throw e;
            }
            transaction.rollback(before);
            return Database.message(e);
        }
    }

    private boolean isThere(Definition definition) throws SQLException {
        Definition.Address address = definition.address();
        if (address.type().isEmpty()) {
            return false;
        }
        try {
            Query.list(
                    work.side(),
                    "SELECT FROM pg_get_object_address(?, ?, ?)",
                    row -> row,
                    address.type(),
                    address.names(),
                    address.arguments());
            return true;
        } catch (SQLException e) {
            if (Reach.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }
}
