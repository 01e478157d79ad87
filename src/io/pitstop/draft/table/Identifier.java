package io.pitstop.draft.table;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Names as SQL wants them written. */
public final class Identifier {
    /** What PostgreSQL keeps of a name; it cuts off the rest without a word of error. */
    private static final int MOST_BYTES = 63;

    /** Reserved in PostgreSQL 13 to 18, as names of columns or of functions. */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate"
                            + " collation column concurrently constraint create cross current_catalog current_date"
                            + " current_role current_schema current_time current_timestamp current_user default"
                            + " deferrable desc distinct do else end except false fetch for foreign freeze from full"
                            + " grant group having ilike in initially inner intersect into is isnull join lateral"
                            + " leading left like limit localtime localtimestamp natural not notnull null offset on"
                            + " only or order outer overlaps placing primary references returning right select"
                            + " session_user similar some symmetric system_user table tablesample then to trailing"
                            + " true union unique user using variadic verbose when where window with")
                    .split(" "));

    private Identifier() {}

    /** As it is if that is safe, else in double quotes. */
    public static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_$]*") && !RESERVED.contains(name)
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code a, b, c}, each after {@code prefix}. */
    public static String list(String prefix, Collection<String> names) {
        return names.stream().map(name -> prefix + quoted(name)).collect(Collectors.joining(", "));
    }

    /** Words joined by underscores; if that is too long for PostgreSQL, its beginning and a hash over all of it. */
    public static String of(String... words) {
        String name = String.join("_", List.of(words));
        if (bytes(name) <= MOST_BYTES) {
            return name;
        }
        String hash = String.format("_%08x", name.hashCode());
        String start = name;
        while (bytes(start) + hash.length() > MOST_BYTES) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start + hash;
    }

    /** What a person wrote: folded to lower case unless it is in double quotes, as PostgreSQL does. */
    public static String unquoted(String written) {
        return written.length() > 1 && written.startsWith("\"") && written.endsWith("\"")
                ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
                : written.toLowerCase(Locale.ROOT);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
