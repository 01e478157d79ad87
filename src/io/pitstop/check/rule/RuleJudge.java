package io.pitstop.check.rule;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Replay;
import io.pitstop.check.schema.Schema;
import io.pitstop.check.script.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Judges scripts by the rules, each statement in the schema that the scripts before it leave behind. */
public final class RuleJudge {
    private final Grammar grammar;
    private final ServerVersion server;
    private final Map<Script, List<Statement>> unrolled = new HashMap<>();

    public RuleJudge(Grammar grammar, ServerVersion server) {
        this.grammar = grammar;
        this.server = server;
    }

    /**
     * @param all the scripts of the repository; those that are not pending have run already
     * @return what was found in the pending ones, whatever their authors allow
     */
    public List<Finding> judge(List<Script> all, Pending pending) {
        List<Script> order = Stream.concat(
                        all.stream().filter(script -> !pending.scripts().contains(script)),
                        all.stream().filter(script -> pending.scripts().contains(script)))
                .toList();
        Schema end = new Schema();
        order.forEach(script -> statements(script).forEach(each -> new Replay(end).apply(each, script)));
        Scene.World world = new Scene.World(new Schema(), end, pending, server, grammar, all);
        List<Finding> findings = new ArrayList<>();
        for (Script script : order) {
            findings.addAll(judge(world, script));
        }
        return findings;
    }

    private List<Finding> judge(Scene.World world, Script script) {
        boolean judged = world.pending().scripts().contains(script);
        List<Finding> findings = new ArrayList<>();
        if (judged) {
            findings.addAll(Rules.judge(world, script, statements(script), null));
        }
        List<Statement> before = new ArrayList<>();
        for (Statement statement : statements(script)) {
            if (judged) {
                findings.addAll(Rules.judge(world, script, before, statement));
            }
            new Replay(world.schema()).apply(statement, script);
            before.add(statement);
        }
        return findings;
    }

    /** With what a DO block runs behind the block. */
    private List<Statement> statements(Script script) {
        return unrolled.computeIfAbsent(script, key -> key.statements().stream()
                .flatMap(statement -> statement.kind().equals("DoStmt")
                        ? Stream.concat(Stream.of(statement), grammar.block(statement).statements().stream())
                        : Stream.of(statement))
                .toList());
    }
}
