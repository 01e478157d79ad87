package io.pitstop.report.picture;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as words; all of them UTC. */
final class Clock {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

    private Clock() {}

    static String time(Instant at) {
        return TIME.format(at);
    }

    /** Without seconds if it has none. */
    static String shortTime(Instant at) {
        return at.getEpochSecond() % 60 == 0 ? MINUTE.format(at) : TIME.format(at);
    }

    /** Such as {@code 23 h}: what matters of a long time. */
    static String length(Duration time) {
        if (time.toHours() >= 48) {
            return time.toDays() + " d";
        }
        if (time.toMinutes() >= 120) {
            return time.toHours() + " h";
        }
        return time.toSeconds() >= 120 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
