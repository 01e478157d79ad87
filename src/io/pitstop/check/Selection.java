package io.pitstop.check;

import io.pitstop.check.script.Phase;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.check.script.Version;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which scripts are judged; the others count as applied, but for those that are to come later.
 *
 * @param since only scripts with a version after it, and those without a version
 * @param files only these; empty for all
 * @param also phases of which all scripts are judged, beside {@code files}
 * @param phases only scripts of these
 * @param later scripts that are neither judged nor applied yet
 * @param together true if they are applied by one release
 */
public record Selection(
        Optional<Version> since,
        List<Path> files,
        Set<Phase> also,
        Set<Phase> phases,
        List<Path> later,
        boolean together) {
    private static final Set<Phase> EVERY_PHASE = EnumSet.allOf(Phase.class);

    public Selection {
        files = files.stream().map(file -> file.toAbsolutePath().normalize()).toList();
        also = Set.copyOf(also);
        phases = Set.copyOf(phases);
        later = later.stream().map(file -> file.toAbsolutePath().normalize()).toList();
    }

    /** All scripts, each as if it were a release of its own, for nobody knows which are applied. */
    public static Selection everything() {
        return new Selection(Optional.empty(), List.of(), Set.of(), EVERY_PHASE, List.of(), false);
    }

    /** What was written after {@code version}, which is applied with everything before it. */
    public static Selection since(Version version) {
        return new Selection(Optional.of(version), List.of(), Set.of(), EVERY_PHASE, List.of(), true);
    }

    /** What a release is about to apply, together. */
    public static Selection of(List<Path> pending, Phase... also) {
        return new Selection(Optional.empty(), pending, Set.of(also), EVERY_PHASE, List.of(), true);
    }

    /** The same, of a release that has more scripts, for a later step. */
    public Selection before(List<Path> scripts) {
        return new Selection(since, files, also, phases, scripts, together);
    }

    /** The scripts of some phases only. */
    public Selection in(Set<Phase> some) {
        return new Selection(since, files, also, some, later, together);
    }

    List<ScriptFile> among(List<ScriptFile> scripts) {
        Set<Path> known = scripts.stream().map(ScriptFile::path).collect(Collectors.toSet());
        for (Path file : files) {
            if (!known.contains(file)) {
                throw new InvalidConfig(
                        file + " is not a script of this repository.",
                        "Name files that end with .sql in the folders of migrations in pitstop.yml.");
            }
        }
        return scripts.stream()
                .filter(script -> phases.contains(script.phase()))
                .filter(this::isChosen)
                .toList();
    }

    /** What is there already, of the scripts that are not judged. */
    boolean isApplied(ScriptFile script) {
        return since.isPresent()
                ? script.version().isEmpty() || script.version().get().compareTo(since.get()) <= 0
                : !later.contains(script.path());
    }

    private boolean isChosen(ScriptFile script) {
        if (since.isPresent()) {
            return script.version().isEmpty() || script.version().get().compareTo(since.get()) > 0;
        }
        return !together || files.contains(script.path()) || also.contains(script.phase());
    }
}
