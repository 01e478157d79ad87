package io.pitstop.check.rule;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.script.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The one list of all rules. */
public final class Rules {
    private static final List<Rule> ALL = Stream.of(
                    ColumnRules.all(),
                    TypeRules.all(),
                    ConstraintRules.all(),
                    ForeignKeyRules.all(),
                    EnumRules.all(),
                    IndexRules.all(),
                    IndexShapeRules.all(),
                    MatviewRules.all(),
                    TableRules.all(),
                    PartitionRules.all(),
                    TriggerRules.all(),
                    WriteRules.all(),
                    AccessRules.all(),
                    TransactionRules.all(),
                    ScriptRules.all(),
                    Suppressions.all())
            .flatMap(List::stream)
            .toList();

    private Rules() {}

    /** By families, as they are documented. */
    public static List<Rule> all() {
        return ALL;
    }

    static List<Finding> judge(Scene.World world, Script script, List<Statement> before, Statement statement) {
        Scene scene = new Scene(world, script, before, statement);
        List<Finding> findings = new ArrayList<>();
        for (Rule rule : ALL) {
            Hits hits = new Hits(rule, script.file(), statement);
            (statement == null ? rule.scriptDetector() : rule.detector()).judge(scene, hits);
            findings.addAll(hits.findings());
        }
        return findings;
    }
}
