package io.pitstop.evidence;

import static java.util.stream.Collectors.joining;

import io.pitstop.database.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The triggers that keep old and new columns in step. */
public final class DualWrites {
    private static final String DISABLED =
            """
            SELECT tgname || ' on ' || tgrelid::regclass FROM pg_trigger
             WHERE NOT tgisinternal AND tgenabled = 'D'
               AND tgrelid IN (SELECT to_regclass(name) FROM unnest(?) AS t (name)) ORDER BY 1
            """;

    private final Database database;

    public DualWrites(Database database) {
        this.database = database;
    }

    /**
     * The triggers of some tables that are switched off.
     *
     * @param tables parts of their names; without a schema they are looked up on the search path
     */
    public List<String> disabled(List<List<String>> tables) {
        try (Connection session = database.connect("triggers");
                PreparedStatement query = session.prepareStatement(DISABLED)) {
            Database.limit(session, Duration.ofSeconds(2));
            Array names = session.createArrayOf(
                    "text", tables.stream().map(DualWrites::quoted).toArray());
            query.setArray(1, names);
            try (ResultSet rows = query.executeQuery()) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
                return found;
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static String quoted(List<String> name) {
        return name.stream().map(part -> '"' + part.replace("\"", "\"\"") + '"').collect(joining("."));
    }
}
