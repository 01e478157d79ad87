package io.pitstop.migration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The indexes that a script could mean: those whose own name, or whose table's, is a word of it. */
final class Indexes {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

    private final Connection side;
    private final Set<String> words;

    Indexes(Connection side, String script) {
        this.side = side;
        this.words = Set.copyOf(words(script));
    }

    /**
     * One index.
     *
     * @param name with its schema, quoted where SQL needs it
     * @param named true if the script has its own name, not just its table's
     * @param valid false if its build did not come to an end
     */
    record Index(long oid, String name, boolean named, boolean valid) {}

    /** All of them but those that another session is building now. */
    List<Index> list() throws SQLException {
        String sql = "SELECT i.indexrelid, format('%I.%I', n.nspname, c.relname), lower(c.relname),"
                + " i.indisvalid AND i.indisready FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = i.indrelid"
                + " WHERE (lower(c.relname) = ANY (?) OR lower(t.relname) = ANY (?))"
                + " AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid"
                + " AND NOT i.indisvalid) ORDER BY 2";
        try (PreparedStatement query = side.prepareStatement(sql)) {
            Object[] names = words.toArray();
            query.setArray(1, side.createArrayOf("text", names));
            query.setArray(2, side.createArrayOf("text", names));
            List<Index> indexes = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    boolean named = words.contains(rows.getString(3));
                    indexes.add(new Index(rows.getLong(1), rows.getString(2), named, rows.getBoolean(4)));
                }
            }
            return indexes;
        }
    }

    /** All words of the script that could be names, in lower case. */
    Set<String> words() {
        return words;
    }

    /** Drops an index while readers and writers go on. */
    void drop(Index index, Duration within) throws SQLException {
        try (Statement statement = side.createStatement()) {
            statement.execute("SET statement_timeout = " + within.toMillis());
            try {
                statement.execute("DROP INDEX CONCURRENTLY IF EXISTS " + index.name());
            } finally {
                statement.execute("SET statement_timeout = 0");
            }
        }
    }

    private static Set<String> words(String script) {
        Set<String> words = new HashSet<>();
        Matcher word = WORD.matcher(script);
        while (word.find()) {
            words.add(word.group().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
