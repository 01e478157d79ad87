package io.pitstop.check.script;

import io.pitstop.check.grammar.Parsed;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.grammar.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The author's word that a statement may do what a rule forbids: {@code -- pitstop:allow <rule> because <reason>} above
 * it.
 *
 * @param rule id of the rule; empty if the comment names none
 * @param reason empty if there is none
 * @param line of the comment
 * @param from first line that it covers
 * @param to last line that it covers
 */
public record Suppression(String rule, String reason, int line, int from, int to) {
    private static final Pattern FORM =
            Pattern.compile("(?:--|/\\*)\\s*pitstop:allow\\b\\s*(\\S*)\\s*(?:because\\s+)?(.*?)\\s*(?:\\*/)?");

    static List<Suppression> in(Parsed script) {
        List<Suppression> found = new ArrayList<>();
        for (Token token : script.tokens()) {
            Matcher form = FORM.matcher(token.text());
            if (token.kind() == Token.Kind.COMMENT && form.matches()) {
                found.add(covering(form, token.line(), script.statements()));
            }
        }
        return found;
    }

    private static Suppression covering(Matcher form, int line, List<Statement> statements) {
        String rule = form.group(1).equals("because") ? "" : form.group(1);
        for (int i = 0; i < statements.size(); i++) {
            Statement statement = statements.get(i);
            if (statement.line() >= line) {
                // Above the first statement, it also covers what is said of the script as a whole.
                return new Suppression(rule, form.group(2), line, i == 0 ? 1 : line, statement.lastLine());
            }
        }
        return new Suppression(rule, form.group(2), line, line, line);
    }

    public boolean covers(String ruleId, int place) {
        return rule.equals(ruleId) && from <= place && place <= to;
    }
}
