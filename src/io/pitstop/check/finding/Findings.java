package io.pitstop.check.finding;

import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All findings of one check.
 *
 * @param all by file and line
 * @param judged the scripts that were looked at, in the order in which they run
 * @param notes what people should know of how they were judged
 */
public record Findings(List<Finding> all, List<Path> judged, List<String> notes) {
    private static final int NAMED = 3;

    public Findings {
        all = List.copyOf(all);
        judged = List.copyOf(judged);
        notes = List.copyOf(notes);
    }

    /** Without notes. */
    public Findings(List<Finding> all, List<Path> judged) {
        this(all, judged, List.of());
    }

    public List<Finding> errors() {
        return all.stream().filter(Finding::isError).toList();
    }

    public List<Finding> warnings() {
        return all.stream().filter(finding -> !finding.isError()).toList();
    }

    /** What was found, in one sentence. */
    public String message() {
        if (judged.isEmpty()) {
            return "There is no script to judge.";
        }
        return "Judged " + count(judged.size(), "script") + ": " + count(errors().size(), "error") + ", "
                + count(warnings().size(), "warning") + ".";
    }

    /**
     * Does nothing if there is no error.
     *
     * @throws MoveRefused naming the first errors, and how to see all
     */
    public void refuseErrors() {
        List<Finding> errors = errors();
        if (errors.isEmpty()) {
            return;
        }
        String first = errors.stream().limit(NAMED).map(Finding::toString).collect(Collectors.joining("\n  "));
        int more = errors.size() - NAMED;
        String rest = more > 0 ? "\n  and " + count(more, "more error") : "";
        String files = errors.stream()
                .map(finding -> finding.file().toString())
                .distinct()
                .collect(Collectors.joining(" "));
        throw new MoveRefused(
                "The scripts are not safe, and nothing was touched.\n  " + first + rest,
                "Run pitstop check " + files + " to see what to write instead; mend the scripts, or allow what is meant"
                        + " by a comment with its reason.");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
