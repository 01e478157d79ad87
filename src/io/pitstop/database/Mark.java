package io.pitstop.database;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A comment in statements of ours on tables of the application, so that statistics show whose they are. */
public final class Mark {
    private static final String TEXT = "/* pitstop */";
    /** The server forgets a comment before the first word. */
    private static final Pattern FIRST_WORD = Pattern.compile("^\\s*\\w+");

    private Mark() {}

    /** The same statement, marked as ours. */
    public static String on(String sql) {
        Matcher word = FIRST_WORD.matcher(sql);
        return word.find() ? word.group() + " " + TEXT + sql.substring(word.end()) : sql;
    }

    public static boolean isOn(String sql) {
        return sql.contains(TEXT);
    }
}
