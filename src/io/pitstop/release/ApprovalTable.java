package io.pitstop.release;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of what people decided: one for each step of a release that they were asked about. */
final class ApprovalTable {
    private final Connection connection;

    ApprovalTable(Connection connection) {
        this.connection = connection;
    }

    /** Replaces what was decided about the step before. */
    void put(Release release, Decision decision, String build) throws SQLException {
        String sql = "INSERT INTO pitstop.approvals (release, step, decision, hash, subject, reason, person, build)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release, step) DO UPDATE SET"
                + " decision = excluded.decision, hash = excluded.hash, subject = excluded.subject,"
                + " reason = excluded.reason, person = excluded.person, build = excluded.build, at = excluded.at";
        Array subject = connection.createArrayOf("text", decision.subject().toArray());
        Sql.update(
                connection,
                sql,
                release.id(),
                decision.step(),
                decision.approved() ? "approved" : "declined",
                decision.hash(),
                subject,
                decision.reason(),
                decision.person(),
                build);
    }

    /** All of a release, oldest first. */
    List<Approval> of(String release) throws SQLException {
        String sql = "SELECT step, decision, hash, subject, reason, person, build, at FROM pitstop.approvals"
                + " WHERE release = ? ORDER BY at";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, release);
            List<Approval> approvals = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    approvals.add(approval(rows));
                }
            }
            return approvals;
        }
    }

    private static Approval approval(ResultSet row) throws SQLException {
        Decision decision = new Decision(
                row.getString("step"),
                row.getString("decision").equals("approved"),
                row.getString("hash"),
                List.of((String[]) row.getArray("subject").getArray()),
                row.getString("reason"),
                row.getString("person"));
        return new Approval(
                decision, row.getString("build"), row.getTimestamp("at").toInstant());
    }
}
