package io.pitstop.step.shift;

import io.pitstop.archive.Departures;
import io.pitstop.archive.Drop;
import io.pitstop.archive.Dropped;
import io.pitstop.error.PitstopException;
import io.pitstop.evidence.StatementLog;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What is noted at the moment when all users have the new version: which statements had run until then, for contract, and
 * what only the old version needs, so that a rollback need not read scripts first.
 */
public final class SwitchNotes {
    private static final String NEEDS = "old version needs";

    private final StatementLog statements;
    private final Migrations contract;
    private final Dropped dropped;
    private final Departures departures;
    private final Consumer<String> progress;

    /** @param dropped reads the scripts of contract */
    public SwitchNotes(
            StatementLog statements,
            Migrations contract,
            Dropped dropped,
            Departures departures,
            Consumer<String> progress) {
        this.statements = statements;
        this.contract = contract;
        this.dropped = dropped;
        this.departures = departures;
        this.progress = progress;
    }

    /** Users are there already: what cannot be noted is told, and nothing more. */
    public void note(Lease lease) {
        statements.look(lease).ifPresent(missing -> progress.accept("contract will lack evidence: " + missing));
        try {
            List<Drop> drops = contract.pending().stream()
                    .map(Pending::file)
                    .flatMap(script -> dropped.by(script).stream())
                    .filter(drop -> !drop.ifExists())
                    .toList();
            List<Drop> never = departures.absent(drops);
            never.forEach(drop -> progress.accept("contract would drop " + drop + ", which is not there"));
            // The old version does without what is not there at this moment: nobody may be kept from it for that later.
            List<Map<String, Object>> needed = drops.stream()
                    .filter(drop -> !never.contains(drop))
                    .map(SwitchNotes::asMap)
                    .toList();
            lease.note(NEEDS, Map.of("objects", needed));
        } catch (PitstopException unreadable) {
            progress.accept("what only the old version needs is not known: " + unreadable.getMessage());
        }
    }

    /** What contract would drop, as noted last; empty if nothing was. */
    @SuppressWarnings("unchecked") // as note() wrote it
    public static List<Drop> oldVersionNeeds(ReleaseJournal journal, Release release) {
        return journal.events(release).stream()
                .filter(event -> event.event().equals(NEEDS))
                .reduce((earlier, later) -> later)
                .map(event -> (List<Map<String, Object>>) event.particulars().get("objects"))
                .stream()
                .flatMap(List::stream)
                .map(SwitchNotes::drop)
                .toList();
    }

    private static Map<String, Object> asMap(Drop drop) {
        return Map.of(
                "type", drop.type(),
                "name", drop.name(),
                "arguments", drop.arguments(),
                "anyArguments", drop.anyArguments());
    }

    @SuppressWarnings("unchecked") // as asMap() wrote it
    private static Drop drop(Map<String, Object> object) {
        return new Drop(
                (String) object.get("type"),
                (List<String>) object.get("name"),
                (List<String>) object.get("arguments"),
                (Boolean) object.get("anyArguments"),
                false,
                false,
                1);
    }

    /** The tables that it is about, as their names stand in the scripts. */
    public static List<List<String>> tables(List<Drop> drops) {
        return drops.stream()
                .flatMap(drop -> switch (drop.type()) {
                    case "table" -> Stream.of(drop.name());
                    case "table column", "table constraint", "trigger" -> Stream.of(
                            drop.name().subList(0, drop.name().size() - 1));
                    default -> Stream.<List<String>>empty();
                })
                .distinct()
                .toList();
    }
}
