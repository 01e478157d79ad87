package io.pitstop.backfill.file;

import java.util.List;

/**
 * One statement of a backfill file.
 *
 * @param line where it begins in the file
 * @param sql with a JDBC parameter for each column of each placeholder
 * @param parameters what each parameter stands for, in their order; the columns of a placeholder follow one another
 * @param followsTheWalk true if it names its rows by {@code :batch} alone, which fits every walk
 */
public record BatchStatement(int line, String sql, List<Bound> parameters, boolean followsTheWalk) {
    public BatchStatement {
        parameters = List.copyOf(parameters);
    }

    /** One end of the rows that a batch fills, itself included. */
    public enum Bound {
        FROM,
        TO
    }
}
