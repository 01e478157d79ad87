package io.pitstop.step.inquiry;

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

/** The functions to which scripts give another body: what it used until then is of no interest. */
record Replacements(List<Replacement> all) {
    private static final Set<String> NOT_GIVEN = Set.of("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE");

    /**
     * @param sql true for a function in SQL
     * @param body as {@link Function} has it; empty in other languages, and where the server itself knows what it uses
     */
    record Replacement(Named name, int arguments, boolean sql, String body) {
        boolean is(Function function) {
            return name.mayBe(function.schema(), function.name())
                    && arguments == function.arguments().most();
        }

        Function of(Function function) {
            return new Function(function.id(), function.schema(), function.name(), sql, body, function.arguments());
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

    /** A function as the scripts leave it. */
    Function after(Function function) {
        return all.stream()
                .filter(one -> one.is(function))
                .reduce((earlier, later) -> later)
                .map(one -> one.of(function))
                .orElse(function);
    }

    private static Replacement replacement(Statement statement) {
        Node function = statement.node();
        long arguments = function.children("parameters").stream()
                .filter(parameter -> !NOT_GIVEN.contains(parameter.text("mode")))
                .count();
        boolean sql = option(function, "language").equalsIgnoreCase("sql");
        boolean procedural = option(function, "language").equalsIgnoreCase("plpgsql");
        String body = sql ? option(function, "as") : procedural ? statement.text() : "";
        return new Replacement(Named.of(function.names("funcname")), (int) arguments, sql, body);
    }

    /** Empty if it is not given. */
    private static String option(Node function, String name) {
        return function.children("options").stream()
                .filter(option -> option.text("defname").equals(name))
                .flatMap(option -> option.all("String"))
                .map(value -> value.text("sval"))
                .findFirst()
                .orElse("");
    }
}
