package io.pitstop.archive;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rows that follow each other in the order of a key.
 *
 * @param keys expressions of the key's columns
 * @param types of these, in the same order
 * @param after the last key before them, as text; empty to begin with the first
 * @param to the last key that is in it
 */
record Range(List<String> keys, List<String> types, List<String> after, List<String> to) {
    /** A condition with parameters; {@link #values} are theirs. */
    String condition() {
        String row = "(" + String.join(", ", keys) + ")";
        String bound =
                "(" + types.stream().map(type -> "CAST(? AS " + type + ")").collect(joining(", ")) + ")";
        return (after.isEmpty() ? "" : row + " > " + bound + " AND ") + row + " <= " + bound;
    }

    /** The parameters of {@code times} conditions, and {@code more} behind them. */
    Object[] values(int times, Object... more) {
        List<Object> once = Stream.concat(after.stream(), to.stream())
                .map(Object.class::cast)
                .toList();
        List<Object> values = new ArrayList<>();
        Collections.nCopies(times, once).forEach(values::addAll);
        values.addAll(List.of(more));
        return values.toArray();
    }

    @Override
    public String toString() {
        return "key " + String.join(", ", to);
    }
}
