package io.pitstop.archive;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Compares a table with its archive, range by range. One statement sees one state of both; a row whose change is noted
 * and not caught up with yet may differ.
 */
final class Comparison {
    private final Source source;
    private final Place place;

    Comparison(Source source, Place place) {
        this.source = source;
        this.place = place;
    }

    /**
     * What one range gave.
     *
     * @param rows on the side that was walked
     * @param checksum of these rows
     * @param otherChecksum of their counterparts
     * @param different rows that differ or have no counterpart, although no change of them is noted
     * @param changed rows of which a change is noted
     * @param first key of one that differs; empty if there is none
     */
    record Outcome(long rows, String checksum, String otherChecksum, long different, long changed, String first) {
        boolean isEqual() {
            return different == 0 && (changed > 0 || checksum.equals(otherChecksum));
        }

        private static Outcome from(ResultSet row) throws SQLException {
            return new Outcome(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getString(6));
        }
    }

    /** A range of the table against the archive. */
    Outcome ofTable(Connection transaction, Range range) throws SQLException {
        String join = source.table() + " AS t LEFT JOIN " + place.rows() + " AS a ON " + source.archived("t", "a");
        String noted = Source.each(source.keys(), key -> key.keptIn("c") + " = " + key.toKept("t"), " AND ");
        String key = Source.each(source.keys(), column -> column.toKept("t"), ", ");
        return compare(transaction, join, noted, key, range);
    }

    /** A range of the archive against the table. */
    Outcome ofArchive(Connection transaction, Range range) throws SQLException {
        String join = place.rows() + " AS a LEFT JOIN " + source.table() + " AS t ON " + source.present("t", "a");
        String noted = Source.each(source.keys(), key -> key.keptIn("c") + " = " + key.keptIn("a"), " AND ");
        String key = Source.each(source.keys(), column -> column.keptIn("a"), ", ");
        return compare(transaction, join, noted, key, range);
    }

    private Outcome compare(Connection transaction, String join, String noted, String key, Range range)
            throws SQLException {
        String sql =
                """
                SELECT count(*), coalesce(sum(hashtextextended(words, 0)::numeric), 0)::text,
                       coalesce(sum(hashtextextended(kept, 0)::numeric), 0)::text,
                       count(*) FILTER (WHERE words <> kept AND NOT noted), count(*) FILTER (WHERE noted),
                       coalesce(min(key) FILTER (WHERE words <> kept AND NOT noted), '')
                  FROM (SELECT %1$s AS words, %2$s AS kept, ROW(%3$s)::text AS key,
                               noted IS NOT NULL AS noted
                          FROM %6$s LEFT JOIN (SELECT DISTINCT %4$s, true AS noted FROM %8$s) AS c ON %5$s
                         WHERE %7$s) AS pairs
                """
                        .formatted(
                                source.words("t"),
                                source.keptWords("a"),
                                key,
                                Source.each(source.keys(), Column::keptName, ", "),
                                noted,
                                join,
                                range.condition(),
                                place.changes());
        return Query.list(transaction, sql, Outcome::from, range.values(1)).get(0);
    }
}
