package io.pitstop.check.rule;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.script.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The one list of all rules. */
public final class Rules {
    private static final List<Family> FAMILIES = List.of(
            new Family("Columns", ColumnRules.all()),
            new Family("Types", TypeRules.all()),
            new Family("Constraints", ConstraintRules.all()),
            new Family("Foreign keys", ForeignKeyRules.all()),
            new Family("Enums", EnumRules.all()),
            new Family("Indexes, how they come and go", IndexRules.all()),
            new Family("Indexes, what they hold", IndexShapeRules.all()),
            new Family("Materialized views", MatviewRules.all()),
            new Family("Tables and other objects", TableRules.all()),
            new Family("Partitions", PartitionRules.all()),
            new Family("Triggers", TriggerRules.all()),
            new Family("Rows", WriteRules.all()),
            new Family("Backfills", BackfillRules.all()),
            new Family("Access", AccessRules.all()),
            new Family("Locks and transactions", TransactionRules.all()),
            new Family("Scripts", ScriptRules.all()),
            new Family("What is allowed", Suppressions.all()));

    private static final List<Family> OBSERVED = List.of(
            new Family("Seen in a trial run", Observed.byTrial()),
            new Family("The application's own statements", Observed.byLiveStatements()));

    private static final List<Rule> ALL =
            FAMILIES.stream().flatMap(family -> family.rules().stream()).toList();

    private Rules() {}

    /** Rules about one thing. */
    public record Family(String title, List<Rule> rules) {}

    public static List<Family> families() {
        return FAMILIES;
    }

    /** By families, as they are documented. */
    public static List<Rule> all() {
        return ALL;
    }

    /** What is found by trying, not by reading. */
    public static List<Family> observed() {
        return OBSERVED;
    }

    /** All that may be found, whoever finds it. */
    public static List<Rule> described() {
        return Stream.concat(ALL.stream(), OBSERVED.stream().flatMap(family -> family.rules().stream()))
                .toList();
    }

    /** @param statement null for the script as a whole */
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
