package io.pitstop.check.usage;

import io.pitstop.check.grammar.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The functions that a statement calls, the types that it names and the sequences that it draws from. */
final class Mentions {
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
        Named name = Named.of(call.names("funcname"));
        List<Node> given = call.children("args");
        int arguments = call.flag("func_variadic")
                ? -1
                : given.size()
                        + (call.flag("agg_within_group")
                                ? call.children("agg_order").size()
                                : 0);
        calls.add(new Call(name, arguments));
        if (Uses.DRAWING.contains(name.name()) && !given.isEmpty()) {
            sequences.add(sequence(given.get(0)));
        }
    }

    void type(Node typeName) {
        if (!typeName.names("names").isEmpty()) {
            types.add(Named.of(typeName.names("names")));
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
        return Named.of(parts.stream()
                .map(part -> part.startsWith("\"")
                        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
                        : part.toLowerCase(Locale.ROOT))
                .toList());
    }
}
