package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What happens to a resource or an output. */
public enum Action {
    CREATE("+", "create"),
    UPDATE("~", "update"),
    /** Deleted and created anew, in either order. */
    REPLACE("-/+", "replace"),
    DELETE("-", "delete"),
    /** Stays as it is, but is in this state from now on. */
    IMPORT("~", "import"),
    /** Stays as it is under another address. */
    MOVE("~", "move"),
    /** Stays as it is, but Terraform knows nothing of it any more. */
    FORGET("-", "forget"),
    READ("<=", "read"),
    NO_OP(" ", "keep");

    private final String symbol;
    private final String word;

    Action(String symbol, String word) {
        this.symbol = symbol;
        this.word = word;
    }

    /** True if what there is goes: a replaced resource too. */
    public boolean removes() {
        return this == DELETE || this == REPLACE;
    }

    /** @param actions as {@code terraform show -json} lists them, such as {@code ["delete", "create"]} */
    static Action of(JsonNode actions) {
        List<String> words = new ArrayList<>();
        actions.forEach(word -> words.add(word.asText()));
        if (words.contains("forget")) {
            return FORGET;
        }
        if (words.contains("delete")) {
            return words.contains("create") ? REPLACE : DELETE;
        }
        return switch (words.isEmpty() ? "" : words.get(0)) {
            case "create" -> CREATE;
            case "read" -> READ;
            case "no-op" -> NO_OP;
                // What is unheard of changes something until somebody has looked at it.
            default -> UPDATE;
        };
    }

    /** As it begins a line for people, such as {@code ~ update}. */
    @Override
    public String toString() {
        return symbol + " " + word;
    }
}
