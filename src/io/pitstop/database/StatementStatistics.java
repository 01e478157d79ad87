package io.pitstop.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Where a server has the extension pg_stat_statements: it may have been created in any schema, on the search path or not. */
public final class StatementStatistics {
    private static final String SCHEMA = "SELECT quote_ident(nspname) FROM pg_extension"
            + " JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'pg_stat_statements'";

    private StatementStatistics() {}

    /** The schema, as SQL writes it; empty if the extension was not created. It may not be loaded all the same. */
    public static Optional<String> schema(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(SCHEMA)) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }
}
