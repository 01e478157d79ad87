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
 * @param listed true if the key is the place of a row, and the server would read the whole table for a range of places
 */
record Range(List<String> keys, List<String> types, List<String> after, List<String> to, boolean listed) {
    /** Most rows of a block of 8 kB; of a larger one too, since their number grows with it. */
    private static final String LINES = "generate_series(1, 291 * current_setting('block_size')::int / 8192) AS line";

    /** A condition with parameters; {@link #values} are theirs. */
    String condition() {
        String row = "(" + String.join(", ", keys) + ")";
        String bound =
                "(" + types.stream().map(type -> "CAST(? AS " + type + ")").collect(joining(", ")) + ")";
        return (after.isEmpty() ? "" : row + " > " + bound + " AND ") + row + " <= " + bound + (listed ? places() : "");
    }

    /** Every place that there may be in it: for the server only, the rows are the same ones. */
    private String places() {
        return " AND " + keys.get(0) + " = ANY (ARRAY(SELECT format('(%s,%s)', block, line)::tid FROM generate_series("
                + (after.isEmpty() ? 0 : block(after.get(0))) + ", " + block(to.get(0)) + ") AS block, " + LINES + "))";
    }

    /** The first half of a place such as {@code (17,4)}. */
    static long block(String place) {
        return Long.parseLong(place.substring(1, place.indexOf(',')));
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
