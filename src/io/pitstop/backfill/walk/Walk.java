package io.pitstop.backfill.walk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A way through all rows of one table that has a beginning, an end and places in between. */
public interface Walk {
    /** As names in SQL; one value of each makes a {@link Position}. */
    List<String> columns();

    /** For people: {@code along posts.id}. */
    String words();

    /** The table, as its name is written in SQL. */
    String table();

    /**
     * Cuts the rows of now into parts that take about the same time.
     *
     * @param after leave out what is before it; empty for the whole table
     * @return in the order of the walk; none if there are no rows
     */
    List<Stretch> plan(Connection session, Optional<Position> after) throws SQLException;

    /**
     * The next rows of a part.
     *
     * @param after the last position that is done; empty at the beginning of the table
     * @param last where the part ends
     * @param rows how many are wanted, at least 1; more are given only where the walk cannot tell rows apart
     * @return empty if there are none left
     */
    Optional<Span> next(Connection session, Optional<Position> after, Position last, long rows) throws SQLException;

    /** Sets {@code parameter} to the value that {@code position} has for column number {@code column}, from 0. */
    void bind(PreparedStatement statement, int parameter, Position position, int column) throws SQLException;
}
