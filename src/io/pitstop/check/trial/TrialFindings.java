package io.pitstop.check.trial;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.rule.Observed;
import io.pitstop.check.rule.Rule;
import io.pitstop.check.script.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes of what was seen what the application would feel. */
final class TrialFindings {
    private final Sizes sizes;
    private final List<Sighting> sightings = new ArrayList<>();

    TrialFindings(Sizes sizes) {
        this.sizes = sizes;
    }

    List<Sighting> all() {
        return sightings;
    }

    /** @param earlier tables that the transaction has locked before, as far as the application feels it */
    void add(Script script, Statement statement, Observation seen, Map<String, LockMode> earlier) {
        if (!seen.held().isEmpty()) {
            String while_ = " while it holds " + locks(seen.held()) + ".";
            if (!seen.rewritten().isEmpty()) {
                add(Observed.REWRITE, script, statement, "It " + Work.REWRITE.on(seen.rewritten(), sizes) + while_);
            } else if (!seen.indexed().isEmpty()) {
                add(Observed.INDEX, script, statement, "It " + Work.INDEX.on(seen.indexed(), sizes) + while_);
            } else if (!seen.scanned().isEmpty()) {
                add(Observed.SCAN, script, statement, "It " + Work.SCAN.on(seen.scanned(), sizes) + while_);
            }
        }
        if (isPatchwork(statement, seen, earlier)) {
            add(Observed.LOCKS, script, statement, "It takes " + locks(seen.taken()) + ".");
        }
    }

    void removed(Script script, Statement statement, List<String> names) {
        if (script.phase().isOldVersionAlive()) {
            add(Observed.REMOVAL, script, statement, "Gone: " + String.join(", ", names) + ".");
        }
    }

    void invalid(Script script, Statement last, List<String> indexes) {
        add(Observed.INVALID, script, last, "Not valid: " + String.join(", ", indexes) + ".");
    }

    void failed(Script script, Statement statement, String message) {
        add(Observed.FAILURE, script, statement, "It says: " + message + ".");
    }

    /** A statement that runs others takes their locks one after the other; one that needs several takes them at once. */
    private static boolean isPatchwork(Statement statement, Observation seen, Map<String, LockMode> earlier) {
        boolean runsOthers = List.of("DoStmt", "CallStmt", "SelectStmt").contains(statement.kind());
        return runsOthers && !seen.taken().isEmpty() && seen.taken().size() + earlier.size() > 1;
    }

    private void add(Rule rule, Script script, Statement statement, String evidence) {
        Finding finding = new Finding(
                Judge.TRIAL,
                rule.id(),
                rule.severity(),
                script.file(),
                statement.line(),
                statement.excerpt(),
                rule.why() + " " + evidence,
                rule.instead());
        sightings.add(new Sighting(finding, statement.lastLine()));
    }

    /** {@code ACCESS EXCLUSIVE on posts, which blocks every read and write}. */
    private static String locks(Map<String, LockMode> held) {
        return held.entrySet().stream()
                .map(lock -> lock.getValue() + " on " + lock.getKey() + ", which blocks "
                        + lock.getValue().blocks())
                .collect(Collectors.joining("; "));
    }
}
