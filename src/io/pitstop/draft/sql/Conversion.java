package io.pitstop.draft.sql;

import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the value of a column comes from the columns of the other side.
 *
 * @param expression over the names of those columns
 * @param manner what can be said of it without running it
 */
public record Conversion(String expression, Manner manner) {
    private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint", "numeric");
    private static final Set<String> TEXTS = Set.of("character varying", "varchar", "character", "char");

    /** Types whose values are all short. */
    private static final Pattern BRIEF =
            Pattern.compile("smallint|integer|int|bigint|boolean|uuid|date|time.*|real|double precision");

    private static final int LONGEST_BRIEF = 40;
    private static final Pattern SIZED = Pattern.compile("(.*?)\\s*(\\(.*\\))?");

    /** What an expression does. */
    public enum Manner {
        /** The value as it is. */
        SAME,
        /** Gives a value just if there is one on the other side. */
        TOTAL,
        /** Anything. */
        CUSTOM,
        /** May fail for some values, and gives none for them. */
        FAILING
    }

    public static Conversion same(Column column) {
        return new Conversion(column.quoted(), Manner.SAME);
    }

    /** By an expression that somebody wrote. */
    public static Conversion custom(String expression) {
        return new Conversion(expression, Manner.FAILING);
    }

    /** A cast. */
    public static Conversion cast(Column from, String type) {
        Manner manner =
                from.type().equals(type) ? Manner.SAME : widens(from.type(), type) ? Manner.TOTAL : Manner.FAILING;
        return new Conversion(from.quoted() + (manner == Manner.SAME ? "" : "::" + type), manner);
    }

    /** True if every value gets through, as far as the names of the types tell. */
    private static boolean widens(String from, String to) {
        String source = bare(from);
        String target = bare(to);
        boolean texts = List.of("text", "character varying", "varchar").contains(target);
        boolean integers =
                INTEGERS.contains(source) && to.equals(target) && INTEGERS.indexOf(source) < INTEGERS.indexOf(target);
        boolean floats = to.equals("double precision") && (source.equals("real") || source.matches("smallint|integer"));
        boolean times = source.matches("date|timestamp with.*") && target.matches("timestamp.*");
        return texts || integers || floats || times;
    }

    /** True if a cast makes long texts short in silence. */
    public static boolean cuts(String from, String to) {
        boolean sized = TEXTS.contains(bare(to)) && to.contains("(");
        return sized && longest(from) > length(to);
    }

    /** Characters of its longest value. */
    private static int longest(String type) {
        if (TEXTS.contains(bare(type)) && type.contains("(")) {
            return length(type);
        }
        return BRIEF.matcher(type).matches() ? LONGEST_BRIEF : Integer.MAX_VALUE;
    }

    /** True if a cast gives another value in another time zone. */
    public static boolean turnsOnTheSession(String from, String to) {
        return isMoment(from) && isMoment(to) && isZoned(from) != isZoned(to);
    }

    private static boolean isMoment(String type) {
        return type.startsWith("timestamp") || type.equals("date");
    }

    private static boolean isZoned(String type) {
        return type.startsWith("timestamptz") || type.contains("with time zone");
    }

    private static int length(String sized) {
        return Integer.parseInt(sized.replaceAll("\\D", ""));
    }

    static String bare(String type) {
        Matcher sized = SIZED.matcher(type);
        return sized.matches() ? sized.group(1) : type;
    }

    /** True if there is a function for it. */
    public boolean needsFunction() {
        return manner != Manner.SAME;
    }

    /**
     * The function.
     *
     * @param name written for SQL
     * @param from the columns of the other side, its parameters
     */
    String function(String name, List<Column> from, Column to) {
        String parameters = from.stream()
                .map(column -> column.quoted() + " " + bare(column.type()))
                .collect(Collectors.joining(", "));
        String value = to.type().contains("(") ? "(" + expression + ")::" + to.type() : expression;
        Template template = Template.of(
                manner == Manner.FAILING
                        ? """
                        CREATE FUNCTION @name@(@parameters@) RETURNS @type@ LANGUAGE plpgsql AS $$
                        BEGIN
                            RETURN @value@;
                        EXCEPTION WHEN data_exception THEN
                            RETURN NULL; -- no such value on the other side; failing would fail the application's write
                        END $$;
                        """
                        : """
                        CREATE FUNCTION @name@(@parameters@) RETURNS @type@ LANGUAGE sql AS $$
                            SELECT @value@
                        $$;
                        """);
        return template.put("name", name)
                .put("parameters", parameters)
                .put("type", bare(to.type()))
                .put("value", value)
                .toString();
    }

    /** Its parameters as DROP FUNCTION wants them. */
    static String signature(List<Column> from) {
        return from.stream().map(column -> bare(column.type())).collect(Collectors.joining(", "));
    }

    /** Its value from the columns of a row; {@code row} is empty, or a name and a dot. */
    String call(String function, String row, List<Column> from) {
        return needsFunction()
                ? function + "("
                        + Identifier.list(row, from.stream().map(Column::name).toList()) + ")"
                : row + expression;
    }
}
