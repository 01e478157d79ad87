package io.pitstop.check.trial;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.rule.Observed;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that was seen in a trial run.
 *
 * @param lastLine of the statement
 */
record Sighting(Finding finding, int lastLine) {
    /** Adds to {@code read}, what rules have found, what was seen: as evidence, where both say the same. */
    static List<Finding> merge(List<Finding> read, List<Sighting> seen) {
        List<Finding> all = new ArrayList<>(read);
        for (Sighting each : seen) {
            int same = each.indexIn(read);
            if (same < 0) {
                all.add(each.finding);
            } else {
                all.set(same, all.get(same).with(each.finding.why()));
            }
        }
        return all;
    }

    private int indexIn(List<Finding> read) {
        for (int i = 0; i < read.size(); i++) {
            Finding rule = read.get(i);
            boolean here =
                    rule.file().equals(finding.file()) && rule.line() >= finding.line() && rule.line() <= lastLine;
            if (here && Observed.isSame(rule, finding)) {
                return i;
            }
        }
        return -1;
    }
}
