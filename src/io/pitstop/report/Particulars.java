package io.pitstop.report;

import io.pitstop.release.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an event tells beside its name, as lines for people; whatever it is that a step has noted. */
final class Particulars {
    /** For programs, or shown as a picture. */
    private static final Set<String> HIDDEN = Set.of("gates", "samples");

    private static final int LONGEST = 1_000;

    private Particulars() {}

    /** One line for each particular, and for each item of a list. */
    static List<String> lines(Event event) {
        List<String> lines = new ArrayList<>();
        event.particulars().entrySet().stream()
                .filter(one -> !HIDDEN.contains(one.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> add(lines, words(one.getKey()), one.getValue()));
        return lines;
    }

    private static void add(List<String> lines, String name, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(item -> lines.add(name + ": " + words(item)));
        } else if (!words(value).isEmpty()) {
            lines.add(name + ": " + words(value));
        }
    }

    private static String words(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(one -> one.getKey() + " " + words(one.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Particulars::words).collect(Collectors.joining(", "));
        }
        String text = Times.readable(String.valueOf(value));
        return text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST) + "… (" + (text.length() - LONGEST) + " more characters)";
    }
}
