package io.pitstop.check.usage;

import io.pitstop.check.grammar.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The functions that a statement calls, the types that it names and the sequences that it draws from. */
final class Mentions {
    private static final Set<String> DRAW = Set.of("nextval", "currval", "setval");

    private final Set<Call> calls = new LinkedHashSet<>();
    private final Set<Named> types = new LinkedHashSet<>();
    private final Set<Named> sequences = new LinkedHashSet<>();

    Set<Call> calls() {
        return Set.copyOf(calls);
    }

    Set<Named> types() {
        return Set.copyOf(types);
    }

    Set<Named> sequences() {
        return Set.copyOf(sequences);
    }

    void call(Node call) {
        Named name = named(call.names("funcname"));
        List<Node> given = call.children("args");
        int arguments = call.flag("func_variadic")
                ? -1
                : given.size()
                        + (call.flag("agg_within_group")
                                ? call.children("agg_order").size()
                                : 0);
        calls.add(new Call(name.schema(), name.name(), arguments));
        if (DRAW.contains(name.name()) && !given.isEmpty()) {
            sequences.add(sequence(given.get(0)));
        }
    }

    void type(Node typeName) {
        if (!typeName.names("names").isEmpty()) {
            types.add(named(typeName.names("names")));
        }
    }

    private static Named sequence(Node argument) {
        if (argument.is("TypeCast")) {
            return sequence(argument.child("arg"));
        }
        String name = argument.is("A_Const") ? argument.name() : "";
        if (name.isEmpty()) {
            return Named.HIDDEN;
        }
        // As the server reads the name of a relation in a text: parts in quotes are taken as they are.
        List<String> parts = List.of(name.strip().split("\\.(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
        return named(parts.stream()
                .map(part -> part.startsWith("\"")
                        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
                        : part.toLowerCase(java.util.Locale.ROOT))
                .toList());
    }

    private static Named named(List<String> parts) {
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : "";
        return new Named(schema, parts.get(parts.size() - 1));
    }
}
