package io.pitstop.check.trial;

import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.check.script.Version;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The order in which releases have run the scripts of a repository: one version after the other, each by its phases. */
final class ReleaseOrder {
    private static final Version NONE = new Version(List.of());

    static final Comparator<ScriptFile> FILES = by(ScriptFile::version, ScriptFile::phase);
    static final Comparator<Script> SCRIPTS = by(Script::version, Script::phase);

    private ReleaseOrder() {}

    private static <T> Comparator<T> by(
            java.util.function.Function<T, Optional<Version>> version, java.util.function.Function<T, Phase> phase) {
        // What is repeated whenever it changes comes last: it may use anything.
        return Comparator.comparing((T each) -> version.apply(each).isEmpty())
                .thenComparing(each -> version.apply(each).orElse(NONE))
                .thenComparing(phase);
    }
}
