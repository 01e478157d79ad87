package io.pitstop.check.trial;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What takes longer the larger a table is, and how long about. The rates were measured on PostgreSQL 15, warm, on an SSD. */
enum Work {
    REWRITE("rewrites", 60),
    INDEX("builds an index of", 180),
    SCAN("reads all of", 500);

    private static final double MEGABYTE = 1 << 20;

    private final String does;
    private final int megabytesPerSecond;

    Work(String does, int megabytesPerSecond) {
        this.does = does;
        this.megabytesPerSecond = megabytesPerSecond;
    }

    /** What it does, as the end of a sentence: {@code rewrites posts (472 MB, about 8 s)}. */
    String on(List<String> tables, Sizes sizes) {
        return does + " "
                + String.join(
                        ", ",
                        tables.stream().map(table -> table + size(table, sizes)).toList());
    }

    private String size(String table, Sizes sizes) {
        OptionalLong bytes = sizes.bytes(table);
        if (bytes.isEmpty()) {
            return "";
        }
        double megabytes = bytes.getAsLong() / MEGABYTE;
        return String.format(Locale.ROOT, " (%.0f MB, %s)", megabytes, time(megabytes / megabytesPerSecond));
    }

    private static String time(double seconds) {
        if (seconds < 0.01) {
            return "under 10 ms";
        }
        return seconds < 1
                ? String.format(Locale.ROOT, "about %.0f ms", seconds * 1000)
                : String.format(Locale.ROOT, "about %.0f s", seconds);
    }
}
