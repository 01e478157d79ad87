package io.pitstop.prove.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Asks for a list of words. */
final class Query {
    private Query() {}

    /** The first column of every row. */
    static List<String> words(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> words = new ArrayList<>();
            while (rows.next()) {
                words.add(rows.getString(1));
            }
            return words;
        }
    }
}
