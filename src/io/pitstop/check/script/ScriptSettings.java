package io.pitstop.check.script;

import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A script's text, and the settings that Flyway reads from a file beside it. */
final class ScriptSettings {
    private ScriptSettings() {}

    static String text(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw unreadable(script, e);
        }
    }

    /** True if the settings say that the script runs outside a transaction. */
    static boolean withoutTransaction(Path script) {
        Path settings = script.resolveSibling(script.getFileName() + ".conf");
        return Files.exists(settings)
                && text(settings)
                        .lines()
                        .anyMatch(line -> line.matches("(?i)\\s*executeInTransaction\\s*=\\s*false\\s*"));
    }

    static InvalidConfig unreadable(Path file, IOException e) {
        String why = e instanceof MalformedInputException ? "it is not UTF-8" : e.getMessage();
        return new InvalidConfig(file + " cannot be read: " + why + ".", "Make it readable, as UTF-8.", e);
    }
}
