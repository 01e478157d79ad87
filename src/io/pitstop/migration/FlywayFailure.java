package io.pitstop.migration;

import static java.util.stream.Collectors.joining;

import io.pitstop.database.Database;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** What Flyway itself refuses, before or between scripts. */
final class FlywayFailure {
    private static final Pattern OFFENDING = Pattern.compile("Offending statement found at line (\\d+): ([^\\n\\[]*)");

    private FlywayFailure() {}

    static PitstopException of(FlywayException failure, Phase phase, Path folder) {
        if (Thread.currentThread().isInterrupted()) {
            return Interrupted.whileDoing("reading the scripts in " + folder);
        }
        if (failure.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new InvalidConfig(
                    "The schema is not empty but has no Flyway history (" + phase.history()
                            + "), so nobody knows which scripts in " + folder + " it has already.",
                    "Run \"flyway -baselineVersion=<version that the schema has> baseline\" once, then this step again.",
                    failure);
        }
        if (failure instanceof FlywayValidateException) {
            return new InvalidConfig(
                    "The scripts in " + folder + " do not fit the history " + phase.history() + ": "
                            + oneLine(failure.getMessage()),
                    "Put back what was applied as it was, and make changes in a new script.",
                    failure);
        }
        if (oneLine(failure.getMessage()).contains("advisory lock")) {
            return new MoveRefused(
                    "Flyway is migrating with " + phase.history() + " elsewhere.",
                    "Wait until it is done, then run the step again.",
                    failure);
        }
        return ScriptFailure.find(SQLException.class, failure)
                .map(Database::failure)
                .orElseGet(() -> new InvalidConfig(
                        "Flyway refuses " + place(failure.getMessage(), folder) + ": " + oneLine(failure.getMessage()),
                        "Correct the script, then run the step again.",
                        failure));
    }

    /** The script and line that Flyway found fault with; it tells the line and the statement, but not the script. */
    private static String place(String message, Path folder) {
        Matcher offending = OFFENDING.matcher(message);
        if (!offending.find()) {
            return "the scripts in " + folder;
        }
        int line = Integer.parseInt(offending.group(1));
        try (Stream<Path> scripts = Files.walk(folder)) {
            return scripts.filter(script -> script.toString().endsWith(".sql"))
                    .filter(script -> hasAt(script, line, offending.group(2)))
                    .map(script -> script + ":" + line)
                    .collect(joining(" or "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasAt(Path script, int line, String statement) {
        try (Stream<String> lines = Files.lines(script)) {
            return lines.skip(line - 1L).findFirst().orElse("").strip().startsWith(statement.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
