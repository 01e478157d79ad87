package io.pitstop.draft.sql;

import io.pitstop.draft.sql.Conversion.Manner;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.error.InvalidConfig;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text and the pieces between its separators.
 *
 * @param pieces at least two; the last one may hold separators
 */
public record Pieces(String separator, Column text, List<Column> pieces) {
    public Pieces {
        pieces = List.copyOf(pieces);
        if (pieces.size() < 2 || separator.isEmpty()) {
            throw new InvalidConfig(
                    "There are " + pieces.size() + " columns and the separator '" + separator + "'.",
                    "Name two columns or more, and a separator that is not empty.");
        }
    }

    /** For each piece. */
    public List<Conversion> split() {
        int last = pieces.size();
        String from = text.quoted();
        return IntStream.rangeClosed(1, last)
                .mapToObj(i -> i < last
                        ? "split_part(" + from + ", " + literal() + ", " + i + ")"
                        : "CASE WHEN " + from + " IS NOT NULL THEN array_to_string((string_to_array(" + from + ", "
                                + literal() + "))[" + i + ":], " + literal() + ") END")
                .map(expression -> new Conversion(expression, Manner.TOTAL))
                .toList();
    }

    /** The pieces joined; an empty one at the end takes its separator along. */
    public Conversion whole() {
        List<String> names = pieces.stream().map(Column::name).toList();
        String none = String.join(
                " AND ",
                names.stream().map(name -> Identifier.quoted(name) + " IS NULL").toList());
        StringBuilder joined = new StringBuilder(Identifier.list("", names.subList(0, 1)));
        names.stream().skip(1).forEach(name -> joined.append(", NULLIF(")
                .append(Identifier.quoted(name))
                .append(", '')"));
        return new Conversion(
                "CASE WHEN " + none + " THEN NULL ELSE concat_ws(" + literal() + ", " + joined + ") END", Manner.TOTAL);
    }

    private String literal() {
        return "'" + separator.replace("'", "''") + "'";
    }
}
