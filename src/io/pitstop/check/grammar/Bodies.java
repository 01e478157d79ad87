package io.pitstop.check.grammar;

/** The text of a function or block, as it stands between its quotes. */
final class Bodies {
    private Bodies() {}

    /** The body of a {@code DoStmt} or {@code CreateFunctionStmt}; empty if it has none. */
    static String of(Node statement) {
        for (String field : new String[] {"args", "options"}) {
            for (Node option : statement.children(field)) {
                if (option.text("defname").equals("as")) {
                    Node body = option.child("arg");
                    return body.is("List") ? body.children("items").get(0).name() : body.name();
                }
            }
        }
        return "";
    }

    /** How many lines of {@code statement} are before its body. */
    static int linesBefore(String body, String statement) {
        int at = body.isEmpty() ? -1 : statement.indexOf(body);
        return at < 0
                ? 0
                : (int) statement
                        .substring(0, at)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }
}
