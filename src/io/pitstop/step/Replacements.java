package io.pitstop.step;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.check.usage.Named;
import io.pitstop.evidence.LiveCatalog.Function;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The functions to which scripts give another body: what theirs uses now is of no interest. */
record Replacements(List<Replacement> all) {
    private static final Set<String> NOT_GIVEN = Set.of("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE");

    record Replacement(Named name, int arguments) {
        boolean is(Function function) {
            return name.mayBe(function.schema(), function.name())
                    && arguments == function.arguments().most();
        }
    }

    static Replacements in(List<Path> scripts, Grammar grammar) {
        return new Replacements(scripts.stream()
                .map(script -> new ScriptFile(script, Phase.CONTRACT, Optional.empty(), true))
                .flatMap(script -> Script.read(script, grammar).statements().stream())
                .filter(statement -> statement.kind().equals("CreateFunctionStmt"))
                .map(Replacements::replacement)
                .toList());
    }

    boolean include(Function function) {
        return all.stream().anyMatch(one -> one.is(function));
    }

    private static Replacement replacement(Statement statement) {
        Node function = statement.node();
        long arguments = function.children("parameters").stream()
                .filter(parameter -> !NOT_GIVEN.contains(parameter.text("mode")))
                .count();
        return new Replacement(Named.of(function.names("funcname")), (int) arguments);
    }
}
