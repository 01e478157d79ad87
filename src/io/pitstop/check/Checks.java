package io.pitstop.check;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.rule.Pending;
import io.pitstop.check.rule.RuleJudge;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.rule.Suppressions;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.check.script.Scripts;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.MigrationsConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Judges scripts before they are run. The rules need no database, for the scripts that were applied before tell what is
 * in it; a trial run needs one to throw away.
 */
public final class Checks {
    private final MigrationsConfig folders;
    private final Path root;
    private final Supplier<ServerVersion> server;
    private final TrialJudge trial;

    /**
     * @param root findings name files relative to it, where they are below it
     * @param server what the scripts will run on; asked only if there is something to judge
     * @param trial tries the scripts as well
     */
    public Checks(MigrationsConfig folders, Path root, Supplier<ServerVersion> server, TrialJudge trial) {
        this.folders = folders;
        this.root = root.toAbsolutePath().normalize();
        this.server = server;
        this.trial = trial;
    }

    /**
     * Returns what was found in the selected scripts, less what their authors allow.
     *
     * @throws io.pitstop.error.InvalidConfig if a script cannot be read, or a selected file is none
     */
    public Findings judge(Selection selection) {
        List<ScriptFile> files = Scripts.in(folders);
        List<ScriptFile> chosen = selection.among(files);
        // The grammar takes half a second to load.
        return chosen.isEmpty() ? new Findings(List.of(), List.of(), List.of()) : judge(selection, new Grammar());
    }

    Findings judge(Selection selection, Grammar grammar) {
        List<ScriptFile> files = Scripts.in(folders);
        List<ScriptFile> chosen = selection.among(files);
        Set<String> words =
                chosen.stream().flatMap(file -> Script.words(file).stream()).collect(Collectors.toSet());
        List<Script> all = new ArrayList<>();
        Set<Script> judged = new LinkedHashSet<>();
        for (ScriptFile file : files) {
            boolean pending = chosen.contains(file);
            Script script = pending ? Script.read(file, grammar) : Script.readDefinitions(file, words, grammar);
            all.add(script);
            if (pending) {
                judged.add(script);
            }
        }
        ServerVersion version = server.get();
        List<Finding> read = new RuleJudge(grammar, version).judge(all, new Pending(judged, selection.together()));
        TrialJudge.Outcome tried = trial.judge(play(selection, files, judged), grammar);
        List<Finding> found = tried.with(read);
        List<Finding> left = judged.stream()
                .flatMap(script -> Suppressions.apply(script, in(script, found), tried.judges()).stream())
                .map(this::shown)
                .toList();
        List<Path> names = judged.stream().map(script -> shown(script.file())).toList();
        return new Findings(left, names, tried.notes());
    }

    private TrialJudge.Play play(Selection selection, List<ScriptFile> files, Set<Script> judged) {
        Set<Path> pending = judged.stream().map(Script::file).collect(Collectors.toSet());
        List<ScriptFile> applied = files.stream()
                .filter(file -> !pending.contains(file.path()) && selection.isApplied(file))
                .toList();
        return new TrialJudge.Play(applied, List.copyOf(judged), selection.together());
    }

    private static List<Finding> in(Script script, List<Finding> found) {
        return found.stream()
                .filter(finding -> finding.file().equals(script.file()))
                .sorted(Comparator.comparingInt(Finding::line))
                .toList();
    }

    private Finding shown(Finding finding) {
        return new Finding(
                finding.judge(),
                finding.rule(),
                finding.severity(),
                shown(finding.file()),
                finding.line(),
                finding.statement(),
                finding.why(),
                finding.instead());
    }

    private Path shown(Path file) {
        return file.startsWith(root) ? root.relativize(file) : file;
    }
}
