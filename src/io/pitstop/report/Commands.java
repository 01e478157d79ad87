package io.pitstop.report;

import io.pitstop.release.Colour;
import io.pitstop.step.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How to get back from where a release is: the exact commands, and what each does. */
final class Commands {
    private final Status.Report report;
    private final String options;

    /** @param config the configuration file as the page was asked for; empty if it is the default */
    Commands(Status.Report report, Optional<String> config) {
        this.report = report;
        this.options = config.map(file -> " --config " + quoted(file)).orElse("");
    }

    /** @param words what it does, and when to run it */
    record Way(String words, String command) {}

    List<Way> back() {
        List<Way> ways = new ArrayList<>();
        if (report.facts().containsKey("contract begun") || report.facts().containsKey("contracted")) {
            ways.add(new Way(
                    "Bring back what contract dropped: structure, rows, grants. Users stay where they are.",
                    release("restore")));
            ways.add(new Way("See what is kept, and until when.", "pitstop archive list" + options));
            return ways;
        }
        if (report.finishedAt().isPresent()) {
            return ways;
        }
        Colour old = report.candidate().other();
        ways.add(new Way(
                "Put all users back on " + old + ", which runs " + before() + ": one order to the router, seconds.",
                release("rollback")));
        ways.add(new Way(
                "The same, and end the release, so that the next can be opened.", release("rollback") + " --abandon"));
        ways.add(new Way(
                "The same while the database is down.", "pitstop rollback --without-journal --to " + old + options));
        return ways;
    }

    /** What may be run to go on. */
    List<String> next() {
        return report.next().stream()
                .map(step -> step.startsWith("contract (from") ? step : release(step))
                .map(command -> command.startsWith("contract (from")
                        ? release("contract") + command.substring("contract".length())
                        : command)
                .toList();
    }

    private String release(String step) {
        return "pitstop " + step + " --release " + report.release() + options;
    }

    private String before() {
        return report.fromVersion().isEmpty() ? "an unknown version" : report.fromVersion();
    }

    /** As a shell takes it. */
    private static String quoted(String file) {
        return file.matches("[A-Za-z0-9._/-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    }
}
