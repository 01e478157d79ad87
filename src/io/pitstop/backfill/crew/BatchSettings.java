package io.pitstop.backfill.crew;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What holds for the transaction of one batch. For that alone, as a pooler may give the next one to another session of the
 * server.
 */
final class BatchSettings {
    /** A node that is lost or frozen in the middle of a transaction keeps its locks for no longer. */
    static final String END_IF_IDLE = "set_config('idle_in_transaction_session_timeout', '5s', true)";

    /** What a batch reads depends on its bounds, which a plan for any bounds knows nothing of. */
    static final String FOR_THIS_BATCH = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

    /** The notes are the same for each batch, and planning them again takes longer than they do. */
    static final String FOR_ANY_BATCH =
            "SELECT set_config('plan_cache_mode', 'auto', true), set_config('synchronous_commit', ?, true)";

    /** Rows that a policy hides from us would be left as they are, and nobody told: it is an error instead. */
    private static final String ALL_ROWS = "set_config('row_security', 'off', true)";

    /** A batch that looks its rows up in another table would write that to the disk each time, at 4 MB. */
    private static final String WORK_MEMORY = "set_config('work_mem',"
            + " greatest(pg_size_bytes(current_setting('work_mem')) / 1024, 32 * 1024) || 'kB', true)";

    /**
     * A short batch finds its few rows in another table by an index. By what a disk that turns would cost, the default, the
     * server would rather read all of that table from some hundred rows on, which takes many times as long as the batch may.
     */
    private static final String BY_INDEX =
            "set_config('random_page_cost', least(current_setting('random_page_cost')::float8, 1.1)::text, true)";

    private BatchSettings() {}

    /** Not what {@link #FOR_THIS_BATCH} says, which the notes at its beginning do without. */
    static String sql(boolean beside) {
        // The setting of our own switches the dual-write triggers off, which would write old columns from new ones.
        return "SELECT set_config('pitstop.backfill', 'on', true), set_config('synchronous_commit', 'off', true),"
                + " set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true), "
                + ALL_ROWS + ", " + WORK_MEMORY + ", " + END_IF_IDLE + (beside ? ", " + BY_INDEX : "");
    }

    /**
     * Binds the parameters of {@link #sql} from the first on.
     *
     * @return the number of the next parameter
     */
    static int bind(PreparedStatement statement, Duration lockTimeout, Duration statementTimeout) throws SQLException {
        statement.setString(1, lockTimeout.toMillis() + "ms");
        statement.setString(2, statementTimeout.toMillis() + "ms");
        return 3;
    }

    /** Not waiting for the disk is safe because the note of the batch is lost with the batch or not at all. */
    static String commit(boolean waits) {
        return waits ? "local" : "off";
    }
}
