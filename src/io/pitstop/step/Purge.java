package io.pitstop.step;

import io.pitstop.archive.Archives;
import io.pitstop.archive.Archives.Entry;
import io.pitstop.config.Quantity;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Removes rows from the archive for good, when somebody says so and their time is over. */
public final class Purge {
    private final ReleaseJournal journal;
    private final Archives archives;
    private final Duration retain;
    private final Consumer<String> progress;

    /** @param retain how long everything is kept at least */
    public Purge(ReleaseJournal journal, Archives archives, Duration retain, Consumer<String> progress) {
        this.journal = journal;
        this.archives = archives;
        this.retain = retain;
        this.progress = progress;
    }

    /**
     * @param olderThan since the drop
     * @param release only what belongs to it; empty for all releases
     * @return what was purged
     * @throws MoveRefused if that is less than what is promised, or somebody is restoring
     */
    public List<Entry> run(Duration olderThan, Optional<String> release) {
        if (olderThan.compareTo(retain) < 0) {
            throw new MoveRefused(
                    "contract.retain of pitstop.yml promises to keep what contract dropped for " + Quantity.text(retain)
                            + ", which is longer than " + Quantity.text(olderThan) + ".",
                    "Choose a longer time, or change contract.retain first.");
        }
        List<Entry> due = archives.list().isEmpty() ? List.of() : archives.olderThan(olderThan, journal.now());
        Map<String, List<Entry>> byRelease = due.stream()
                .filter(entry -> release.isEmpty() || entry.release().equals(release.get()))
                .collect(Collectors.groupingBy(Entry::release, LinkedHashMap::new, Collectors.toList()));
        byRelease.forEach(this::purge);
        return byRelease.values().stream().flatMap(List::stream).toList();
    }

    private void purge(String id, List<Entry> entries) {
        Release release = journal.load(id);
        // The lease of restore: nobody may be reading what goes.
        try (Lease lease = journal.lease(release, Fact.RESTORED.step())) {
            lease.note(
                    "purging the archive",
                    Map.of("entries", entries.stream().map(Entry::what).toList()));
            archives.purge(lease, entries, progress);
        }
    }
}
