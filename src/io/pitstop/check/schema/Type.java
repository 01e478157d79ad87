package io.pitstop.check.schema;

import io.pitstop.check.grammar.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The type of a column.
 *
 * @param name PostgreSQL's own, such as {@code int8} or {@code varchar}; empty if unknown
 * @param sizes what stands in parentheses behind it
 */
public record Type(String name, List<Integer> sizes, boolean array) {
    public static final Type UNKNOWN = new Type("", List.of(), false);

    private static final Map<String, String> SERIALS = Map.of(
            "serial", "int4",
            "serial4", "int4",
            "bigserial", "int8",
            "serial8", "int8",
            "smallserial", "int2",
            "serial2", "int2");
    private static final Set<String> TEXTS = Set.of("text", "varchar");
    private static final Set<String> INSTANTS = Set.of("timestamp", "timestamptz");
    private static final Set<String> TIMES = Set.of("time", "timetz", "interval");

    public Type {
        sizes = List.copyOf(sizes);
    }

    /** Of a {@code TypeName} in a tree; a serial is what it is: an integer. */
    public static Type of(Node type) {
        List<String> names = type.names("names");
        if (names.isEmpty()) {
            return UNKNOWN;
        }
        String last = names.get(names.size() - 1);
        String name = SERIALS.getOrDefault(last, last);
        List<Integer> sizes = type.children("typmods").stream()
                .map(size -> size.child("ival").number("ival"))
                .toList();
        return new Type(name, sizes, !type.children("arrayBounds").isEmpty());
    }

    /** True for serial and the like. */
    public static boolean isSerial(Node type) {
        List<String> names = type.names("names");
        return !names.isEmpty() && SERIALS.containsKey(names.get(names.size() - 1));
    }

    public boolean isKnown() {
        return !name.isEmpty();
    }

    /**
     * True if PostgreSQL changes a column from this type to {@code other} without touching a row. Measured, in sessions
     * whose time zone is UTC as ours are.
     */
    public boolean becomesForFree(Type other) {
        if (equals(other)) {
            return true;
        }
        if (array || other.array || !isKnown()) {
            return false;
        }
        if (TEXTS.contains(name) && TEXTS.contains(other.name)) {
            return other.name.equals("text") || isWider(other);
        }
        if (name.equals("cidr") && other.name.equals("inet")) {
            return true;
        }
        if (INSTANTS.contains(name) && INSTANTS.contains(other.name)) {
            return isFiner(other);
        }
        if (!name.equals(other.name)) {
            return false;
        }
        return switch (name) {
            case "numeric" -> isMorePrecise(other);
            case "varbit" -> isWider(other);
            default -> TIMES.contains(name) && isFiner(other);
        };
    }

    /** As in SQL. */
    @Override
    public String toString() {
        String size = sizes.isEmpty()
                ? ""
                : "(" + String.join(", ", sizes.stream().map(String::valueOf).toList()) + ")";
        return name + size + (array ? "[]" : "");
    }

    private boolean isWider(Type other) {
        return other.sizes.isEmpty() || !sizes.isEmpty() && other.sizes.get(0) >= sizes.get(0);
    }

    /** Fractions of a second: 6 digits unless the type says otherwise. */
    private boolean isFiner(Type other) {
        int mine = sizes.isEmpty() ? 6 : sizes.get(0);
        return other.sizes.isEmpty() || other.sizes.get(0) >= mine;
    }

    private boolean isMorePrecise(Type other) {
        if (other.sizes.isEmpty()) {
            return true;
        }
        return !sizes.isEmpty() && other.sizes.get(0) >= sizes.get(0) && scale(sizes) == scale(other.sizes);
    }

    private static int scale(List<Integer> sizes) {
        return sizes.size() > 1 ? sizes.get(1) : 0;
    }
}
