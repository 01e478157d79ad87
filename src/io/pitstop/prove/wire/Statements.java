package io.pitstop.prove.wire;

import java.util.regex.Pattern;

/** Turns SQL into the name of an action: the same for the same line of code, whatever values it carries. */
final class Statements {
    private static final int LONGEST = 110;
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*--.*$");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern TEXT = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern NUMBER = Pattern.compile("\\$?\\b\\d+(?:\\.\\d+)*\\b");
    private static final Pattern HEX = Pattern.compile("_[0-9a-f]{6,}\\b");

    private Statements() {}

    static String name(String sql) {
        String name = SPACE.matcher(COMMENT.matcher(sql).replaceAll(""))
                .replaceAll(" ")
                .strip();
        name = TEXT.matcher(name).replaceAll("?");
        name = HEX.matcher(name).replaceAll("_#");
        name = NUMBER.matcher(name).replaceAll("#");
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }
}
