package io.pitstop.draft.sql;

import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The columns that one version writes, and how their values come from those of the other version.
 *
 * @param columns in the order of {@code conversions}
 */
public record Side(List<Column> columns, List<Conversion> conversions) {
    public Side {
        columns = List.copyOf(columns);
        conversions = List.copyOf(conversions);
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** True if some of the columns has to hold a value. */
    boolean hasRequired() {
        return columns.stream().anyMatch(Column::notNull);
    }

    /** {@code a IS NULL AND b IS NULL} */
    String empty(String row) {
        return join(" AND ", column -> row + column.quoted() + " IS NULL");
    }

    /** True if an update changes one of the columns. */
    String changed() {
        return lines(column -> column.in("NEW") + " IS DISTINCT FROM " + column.in("OLD"));
    }

    /** True if an insert gives one of the columns a value other than its default. */
    String inserted() {
        return lines(column -> "NEW." + column.quoted() + " IS NOT NULL" + other(column));
    }

    boolean hasVolatileDefault() {
        return columns.stream().anyMatch(Column::hasVolatileDefault);
    }

    /** Assigns the columns of NEW, each from the columns of {@code row} on the other side. */
    String assignments(Table table, Side other, String row) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "NEW." + columns.get(i).quoted() + " := " + value(table, i, other, row) + ";")
                .collect(Collectors.joining("\n"));
    }

    /** As {@link #assignments}, for columns that are empty. */
    String completions(Table table, Side other, String row) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "NEW." + columns.get(i).quoted() + " := COALESCE(NEW."
                        + columns.get(i).quoted() + ", " + value(table, i, other, row) + ");")
                .collect(Collectors.joining("\n"));
    }

    /** For UPDATE … SET. */
    String settings(Table table, Side other) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i).quoted() + " = " + value(table, i, other, ""))
                .collect(Collectors.joining(", "));
    }

    /** Rows whose columns are empty and would not be if they were filled from the other side. */
    String unfilled(Table table, Side other) {
        boolean total = conversions.stream()
                .allMatch(each -> each.manner() == Conversion.Manner.SAME || each.manner() == Conversion.Manner.TOTAL);
        if (total && other.hasRequired()) {
            return empty("");
        }
        String fillable = total
                ? other.join(" OR ", column -> column.quoted() + " IS NOT NULL")
                : IntStream.range(0, columns.size())
                        .mapToObj(i -> value(table, i, other, "") + " IS NOT NULL")
                        .collect(Collectors.joining(" OR "));
        return empty("") + " AND " + (fillable.contains(" OR ") ? "(" + fillable + ")" : fillable);
    }

    /** Rows whose columns are not what they would be if they were filled from the other side. */
    String differing(Table table, Side other) {
        return comparing(table, other, " IS DISTINCT FROM ").collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** Rows whose columns are what they would be. */
    String agreeing(Table table, Side other) {
        return comparing(table, other, " IS NOT DISTINCT FROM ").collect(Collectors.joining(" AND "));
    }

    private Stream<String> comparing(Table table, Side other, String operator) {
        return IntStream.range(0, columns.size()).mapToObj(i -> {
            Column column = columns.get(i);
            boolean asText = !column.in("x").equals("x." + column.quoted());
            String cast = asText ? "::text" : "";
            return column.quoted() + cast + operator + value(table, i, other, "") + cast;
        });
    }

    /** The functions by name, written for SQL, with their text. */
    Map<String, String> functions(Table table, Side other) {
        Map<String, String> functions = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            if (conversions.get(i).needsFunction()) {
                String name = function(table, columns.get(i));
                functions.put(name, conversions.get(i).function(name, other.columns, columns.get(i)));
            }
        }
        return functions;
    }

    private String value(Table table, int i, Side other, String row) {
        return conversions.get(i).call(function(table, columns.get(i)), row, other.columns);
    }

    private static String function(Table table, Column column) {
        return table.sibling(Identifier.of(table.name(), column.name(), "of"));
    }

    private static String other(Column column) {
        return column.hasVolatileDefault()
                ? ""
                : column.byDefault()
                        .map(value -> " AND " + column.in("NEW") + " IS DISTINCT FROM "
                                + (column.in("x").endsWith("::text") ? "(" + value + ")::text" : value))
                        .orElse("");
    }

    /** Conditions, one a line if they are long; in line with the assignments of a trigger's function. */
    private String lines(Function<Column, String> condition) {
        String line = join(" OR ", condition);
        return line.length() > 90 ? join("\n                     OR ", condition) : line;
    }

    private String join(String between, Function<Column, String> text) {
        return columns.stream().map(text).collect(Collectors.joining(between));
    }
}
