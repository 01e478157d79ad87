package io.pitstop.migration;

import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;

/** Tells what went wrong in a script, and whether its author or the operator has to act. */
final class ScriptFailure {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";
    private static final String CANCELLED = "57014";

    private static final int SHOWN = 200;

    private ScriptFailure() {}

    /** True if the script would have had to wait for somebody else's lock; it can be tried again. */
    static boolean isLockNotFree(Throwable failure) {
        String state = state(failure);
        return state.equals(LOCK_NOT_AVAILABLE) || state.equals(DEADLOCK);
    }

    /** True if a statement was cancelled from another session. */
    static boolean isCancelled(Throwable failure) {
        return state(failure).equals(CANCELLED);
    }

    /** The SQLState of what the database said, empty if it said nothing. */
    static String state(Throwable failure) {
        return find(SQLException.class, failure).map(SQLException::getSQLState).orElse("");
    }

    /**
     * @param state what is left of the script, one sentence
     * @return what to throw: {@link InvalidConfig} if the script is wrong, else {@link DependencyFailed}
     */
    static PitstopException of(Exception failure, Path file, String state, Run run) {
        if (Thread.currentThread().isInterrupted()) {
            // Reading the script's file fails then too, whatever Flyway makes of it.
            return new Interrupted(
                    "Interrupted while running " + file + ". " + state + " " + run.before(),
                    "Run the same command again to go on.");
        }
        String said = find(SQLException.class, failure).map(Database::message).orElseGet(failure::getMessage);
        String sqlState = state(failure);
        String message = place(failure, file) + ": " + said + (sqlState.isEmpty() ? "" : " (" + sqlState + ").") + " "
                + statement(failure) + state + " " + run.before();
        if (find(SQLException.class, failure).filter(Database::isOutside).isPresent()) {
            return new DependencyFailed(message, "Mend the cause, then run the step again.", failure);
        }
        return new InvalidConfig(message, "Correct the script, then run the step again.", failure);
    }

    /** The file, and the line of the statement that failed where that is known. */
    static String place(Exception failure, Path file) {
        return file
                + find(FlywaySqlScriptException.class, failure)
                        .map(at -> ":" + at.getLineNumber())
                        .orElse("");
    }

    /** The statement that failed as a sentence, with a space behind it; empty where it is not known. */
    static String statement(Exception failure) {
        return find(FlywaySqlScriptException.class, failure)
                .map(at -> "Statement: " + shown(at.getStatement()) + ". ")
                .orElse("");
    }

    static <T extends Throwable> Optional<T> find(Class<T> type, Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String shown(String statement) {
        String line = statement.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
