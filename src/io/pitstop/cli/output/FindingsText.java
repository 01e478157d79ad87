package io.pitstop.cli.output;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Findings for people: where, what, why, and what to write instead, once for each rule. */
public final class FindingsText {
    private final Consumer<String> out;
    private final Set<String> explained = new HashSet<>();

    public FindingsText(Consumer<String> out) {
        this.out = out;
    }

    public void print(Findings findings) {
        findings.all().forEach(this::print);
        findings.notes().forEach(note -> out.accept("note: " + note));
        out.accept(findings.message());
    }

    private void print(Finding finding) {
        out.accept(finding.file() + ":" + finding.line() + ": " + finding.severity() + " " + finding.rule());
        if (!finding.statement().isEmpty()) {
            out.accept("  " + finding.statement());
        }
        out.accept("  " + finding.why());
        if (explained.add(finding.rule())) {
            out.accept("  Write instead:");
            finding.instead().lines().forEach(line -> out.accept("    " + line));
        }
        out.accept("");
    }
}
