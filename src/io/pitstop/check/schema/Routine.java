package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.script.Script;

/**
 * A function or procedure.
 *
 * @param body its text; empty if it is SQL that was parsed with the statement
 */
public record Routine(Name name, String volatility, String body, Script createdBy) {
    /** @param statement a {@code CreateFunctionStmt} */
    static Routine of(Node statement, Script script) {
        String volatility = "volatile";
        String body = "";
        for (Node option : statement.children("options")) {
            Node value = option.child("arg");
            if (option.text("defname").equals("volatility")) {
                volatility = value.name();
            } else if (option.text("defname").equals("as")) {
                body = value.children("items").stream()
                        .map(Node::name)
                        .findFirst()
                        .orElse("");
            }
        }
        return new Routine(Name.of(statement.names("funcname")), volatility, body, script);
    }

    public boolean isVolatile() {
        return volatility.equals("volatile");
    }
}
