package io.pitstop.check.script;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of SQL, unread, and what its name says.
 *
 * @param version of a script that runs once; empty for one that is repeated, and for a backfill
 * @param namedWell false if Flyway does not take it for a script
 */
public record ScriptFile(Path path, Phase phase, Optional<Version> version, boolean namedWell)
        implements Comparable<ScriptFile> {
    private static final Pattern FLYWAY =
            Pattern.compile("(?:[VB](?<version>\\d+(?:[._]\\d+)*)|R)__.*\\.sql", Pattern.CASE_INSENSITIVE);
    private static final Version NONE = new Version(List.of());

    static ScriptFile of(Path path, Phase phase) {
        String text = path.getFileName().toString();
        if (phase == Phase.BACKFILL) {
            return new ScriptFile(path, phase, Optional.empty(), true); // they have names, and no history of their own
        }
        Matcher name = FLYWAY.matcher(text);
        boolean matches = name.matches();
        Optional<Version> version =
                matches ? Optional.ofNullable(name.group("version")).flatMap(Version::of) : Optional.empty();
        return new ScriptFile(path, phase, version, matches);
    }

    /** In the order in which they run: by phase, versions in their order, then what is repeated. */
    @Override
    public int compareTo(ScriptFile other) {
        return Comparator.comparing(ScriptFile::phase)
                .thenComparing(file -> file.version.isEmpty())
                .thenComparing(file -> file.version.orElse(NONE))
                .thenComparing(file -> file.path.getFileName().toString())
                .thenComparing(ScriptFile::path)
                .compare(this, other);
    }
}
