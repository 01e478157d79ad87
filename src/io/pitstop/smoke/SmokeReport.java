package io.pitstop.smoke;

import java.util.List;

/**
 * What all checks found.
 *
 * @param results in the order of pitstop.yml; empty if it asks for none
 */
public record SmokeReport(List<CheckResult> results) {
    public SmokeReport {
        results = List.copyOf(results);
    }

    /** True if every check passed. */
    public boolean passed() {
        return failed().isEmpty();
    }

    public List<CheckResult> failed() {
        return results.stream().filter(result -> !result.passed()).toList();
    }
}
