package io.pitstop.check.rule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A migration that hurts, from planted.txt.
 *
 * @param hurt stalls, breaks, changes, fails, or "cannot be seen"
 * @param behind what somebody else did in a transaction that is still open; empty if there is nobody
 * @param says the statement of the application that is hurt; or why that cannot be seen
 * @param text the scripts, as a {@code Repository}; version 1 is there before
 */
record Planted(String rule, String hurt, Optional<String> behind, String says, String text) {
    static final String UNSEEN = "cannot be seen";
    private static final Path FILE = Path.of("test/io/pitstop/check/rule/planted.txt");
    private static final Pattern TITLE =
            Pattern.compile("(\\S+) (stalls|breaks|changes|fails|cannot be seen)(?: behind ([^:]+))?(?:: (.*))?");

    static List<Planted> all() throws IOException {
        return Arrays.stream(Files.readString(FILE).split("(?m)^=== "))
                .filter(part -> !part.isBlank())
                .map(Planted::of)
                .toList();
    }

    private static Planted of(String part) {
        String title = part.lines().findFirst().orElseThrow();
        Matcher words = TITLE.matcher(title);
        if (!words.matches()) {
            throw new IllegalStateException(title);
        }
        return new Planted(
                words.group(1),
                words.group(2),
                Optional.ofNullable(words.group(3)),
                Optional.ofNullable(words.group(4)).orElse(""),
                part.substring(part.indexOf('\n') + 1));
    }

    @Override
    public String toString() {
        return rule + " " + hurt;
    }
}
