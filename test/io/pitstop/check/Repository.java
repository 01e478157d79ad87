package io.pitstop.check;

import io.pitstop.check.finding.Findings;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.check.script.Scripts;
import io.pitstop.check.script.Version;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.MigrationsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository written as one text: a comment {@code -- db/<folder>/<script>.sql} begins a script. What comes before the
 * first is a script of the expand phase, and {@code -- PostgreSQL <version>} names the server. Version 1 is applied.
 */
public final class Repository {
    private static final Grammar GRAMMAR = new Grammar();
    private static final Pattern BEGINS = Pattern.compile("-- (db/\\S+\\.(?:sql|conf))(?::.*)?");
    private static final Pattern SERVER = Pattern.compile("-- PostgreSQL (\\d+(?:\\.\\d+)?)(?::.*)?");

    private final Path folder;
    private ServerVersion server = ServerVersion.OLDEST;
    private TrialJudge trial = TrialJudge.off();

    /** Writes the scripts into {@code folder}. */
    public Repository(Path folder, String text) throws IOException {
        this.folder = folder;
        String name = "db/migration/V2__example.sql";
        StringBuilder script = new StringBuilder();
        for (String line : text.lines().toList()) {
            Matcher begins = BEGINS.matcher(line);
            Matcher version = SERVER.matcher(line);
            if (begins.matches()) {
                write(name, script);
                name = begins.group(1);
            } else if (version.matches()) {
                server = ServerVersion.of(version.group(1)).orElseThrow();
            } else {
                script.append(line).append('\n');
            }
        }
        write(name, script);
    }

    /** Judged not by rules alone from now on. */
    public Repository tried(TrialJudge by) {
        trial = by;
        return this;
    }

    /** Judges everything after version 1. */
    public Findings judge() {
        return judge(Selection.since(Version.of("1").orElseThrow()));
    }

    public Findings judge(Selection selection) {
        return new Checks(folders(), folder, () -> server, trial).judge(selection, GRAMMAR);
    }

    /** The scripts in the order in which they run. */
    public List<Path> scripts() {
        return Scripts.in(folders()).stream().map(ScriptFile::path).toList();
    }

    private MigrationsConfig folders() {
        return new MigrationsConfig(
                folder.resolve("db/migration"),
                folder.resolve("db/backfill"),
                folder.resolve("db/finish"),
                folder.resolve("db/contract"),
                folder.resolve("db/restore"));
    }

    private void write(String name, StringBuilder script) throws IOException {
        if (!script.toString().isBlank()) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, script.toString());
        }
        script.setLength(0);
    }
}
