package io.pitstop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.archive.Archives.Entry;
import io.pitstop.cli.output.Json;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.Quantity;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes what has been kept long enough; never runs by itself. */
@Command(name = "purge", description = "Remove for good what was dropped longer ago than a given time.")
final class ArchivePurgeCommand extends ResultCommand {
    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            required = true,
            description = "How long ago it was dropped, such as 30d; not less than contract.retain.")
    private String olderThan;

    @Option(names = "--release", paramLabel = "ID", description = "Only what this release dropped. Default: all.")
    private String release;

    @Override
    ObjectNode run(Path config, Consumer<String> lines) {
        Duration age = Quantity.duration(olderThan)
                .orElseThrow(() -> new InvalidConfig(
                        "--older-than is '" + olderThan + "'.", "Write a number with its unit, such as 30d."));
        Wiring wiring = Wiring.from(config, line -> lines.accept("  " + line));
        List<Entry> purged = wiring.purge().run(age, Optional.ofNullable(release));
        String message =
                purged.isEmpty() ? "Nothing in the archive is that old." : purged.size() + " entries were purged.";
        lines.accept(message);
        ObjectNode outcome = Json.mapper().createObjectNode().put("message", message);
        outcome.set("purged", Json.tree(purged));
        return outcome;
    }
}
