package io.pitstop.check.rule;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.Suppression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the authors of the scripts allow. */
public final class Suppressions {
    private Suppressions() {}

    static List<Rule> all() {
        return List.of(UNUSED, REASONLESS);
    }

    private static final Rule UNUSED = Rule.warning("unused-suppression")
            .because("The comment allows what the statement below it does not do, and will hide it when it does.")
            .unsafe(
                    """
                    -- pitstop:allow drop-column because nobody reads it
                    ALTER TABLE posts ADD COLUMN author_id bigint;""")
            .instead("ALTER TABLE posts ADD COLUMN author_id bigint;");

    private static final Rule REASONLESS = Rule.error("suppression-without-reason")
            .because("Without a reason nobody can tell later if it still holds, so the comment allows nothing.")
            .unsafe(
                    """
                    -- pitstop:allow drop-column
                    ALTER TABLE posts DROP COLUMN author_name;""")
            .instead(
                    """
                    -- pitstop:allow drop-column because version 1 was never deployed
                    ALTER TABLE posts DROP COLUMN author_name;""");

    /**
     * Takes out of {@code findings} what {@code script} allows, and adds what is wrong with its comments.
     *
     * @param judges who has looked: what only others find may be allowed in vain
     */
    public static List<Finding> apply(Script script, List<Finding> findings, Set<Judge> judges) {
        List<Finding> left = new ArrayList<>();
        Set<Suppression> used = new HashSet<>();
        for (Finding finding : findings) {
            List<Suppression> covering = script.suppressions().stream()
                    .filter(comment -> comment.covers(finding.rule(), finding.line()))
                    .toList();
            used.addAll(covering);
            if (covering.stream().allMatch(comment -> comment.reason().isBlank())) {
                left.add(finding);
            }
        }
        for (Suppression comment : script.suppressions()) {
            if (!used.contains(comment) && !judges.contains(Observed.finder(comment.rule()))) {
                continue;
            }
            if (!used.contains(comment)) {
                left.add(unused(script, comment));
            } else if (comment.reason().isBlank()) {
                left.add(finding(REASONLESS, script, comment, "Write: because …"));
            }
        }
        return left;
    }

    private static Finding unused(Script script, Suppression comment) {
        boolean known = Rules.described().stream().anyMatch(rule -> rule.id().equals(comment.rule()));
        return finding(UNUSED, script, comment, known ? "" : "There is no rule \"" + comment.rule() + "\".");
    }

    private static Finding finding(Rule rule, Script script, Suppression comment, String detail) {
        Hits hits = new Hits(rule, script.file(), null);
        hits.add(comment.line(), detail);
        return hits.findings().get(0);
    }
}
