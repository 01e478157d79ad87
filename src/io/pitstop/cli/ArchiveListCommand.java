package io.pitstop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.archive.Archives.Entry;
import io.pitstop.cli.output.Json;
import io.pitstop.cli.wiring.Wiring;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Command;

/** Shows the archive; changes nothing. */
@Command(name = "list", description = "Show what is in the archive, since when, and until when it is kept.")
final class ArchiveListCommand extends ResultCommand {
    private static final String ROW = "%-24s %-36s %-10s %12s %10s  %-20s %s";

    @Override
    ObjectNode run(Path config, Consumer<String> lines) {
        Wiring wiring = Wiring.from(config, line -> {});
        List<Entry> entries = wiring.archives().list();
        Duration retain = wiring.config().contract().retain();
        if (entries.isEmpty()) {
            lines.accept("Nothing is in the archive.");
        } else {
            lines.accept(row("release", "what", "state", "rows", "MB", "dropped", "kept until"));
            entries.forEach(entry -> lines.accept(row(entry, retain)));
        }
        ObjectNode outcome = Json.mapper().createObjectNode();
        outcome.put("message", entries.size() + " entries are in the archive.");
        outcome.set("entries", Json.tree(entries));
        return outcome;
    }

    private static String row(Entry entry, Duration retain) {
        return row(
                entry.release(),
                entry.what(),
                entry.state(),
                String.format(Locale.ROOT, "%,d", entry.rows()),
                String.format(Locale.ROOT, "%.1f", entry.bytes() / 1e6),
                entry.droppedAt()
                        .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse("-"),
                entry.droppedAt()
                        .map(at ->
                                at.plus(retain).truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse("-"));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells).stripTrailing();
    }
}
