package io.pitstop.check.rule;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects where one rule is broken in one scene. */
public final class Hits {
    private final Rule rule;
    private final Path file;
    private final Statement statement;
    private final List<Finding> findings = new ArrayList<>();

    /** @param statement null for a script as a whole */
    Hits(Rule rule, Path file, Statement statement) {
        this.rule = rule;
        this.file = file;
        this.statement = statement;
    }

    /** The statement as a whole. */
    void add() {
        add("");
    }

    /** @param detail what is special here, a sentence */
    void add(String detail) {
        add(statement.line(), detail);
    }

    void add(Node part) {
        add(part, "");
    }

    void add(Node part, String detail) {
        add(statement.line(part), detail);
    }

    void add(int line, String detail) {
        String text = statement == null ? "" : statement.excerpt();
        String why = detail.isEmpty() ? rule.why() : rule.why() + " " + detail;
        findings.add(new Finding(Judge.RULES, rule.id(), rule.severity(), file, line, text, why, rule.instead()));
    }

    List<Finding> findings() {
        return findings;
    }
}
