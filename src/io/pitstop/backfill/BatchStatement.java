package io.pitstop.backfill;

import java.util.List;

/**
 * One statement of a backfill file.
 *
 * @param line where it begins in the file
 * @param sql with a JDBC parameter for each placeholder
 * @param parameters what each parameter stands for, in their order
 */
record BatchStatement(int line, String sql, List<Bound> parameters) {
    BatchStatement {
        parameters = List.copyOf(parameters);
    }

    /** A placeholder: one end of the range of keys that a batch fills, itself included. */
    enum Bound {
        FROM,
        TO
    }
}
