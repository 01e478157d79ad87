package io.pitstop.step;

import io.pitstop.archive.Archives;
import io.pitstop.error.PitstopException;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Past;
import io.pitstop.release.ReleaseJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All that is known of a release, from the journal, the router, Flyway's histories and the archive. Changes nothing. */
public final class Chronicle {
    private final Status status;
    private final List<Migrations> migrations;
    private final Archives archives;
    private final ReleaseJournal journal;

    public Chronicle(Status status, List<Migrations> migrations, Archives archives, ReleaseJournal journal) {
        this.status = status;
        this.migrations = List.copyOf(migrations);
        this.archives = archives;
        this.journal = journal;
    }

    /**
     * @param now when it was read, by the database's clock
     * @param scripts that were applied since the release was opened and until it ended, oldest first
     * @param kept what the archive has of what contract dropped
     * @param silent what could not be read, and why; one line each
     */
    public record Account(
            Status.Report status, Instant now, List<Script> scripts, List<Archived> kept, List<String> silent) {
        public Account {
            scripts = List.copyOf(scripts);
            kept = List.copyOf(kept);
            silent = List.copyOf(silent);
        }
    }

    /** @param phase {@code expand}, {@code finish} or {@code contract} */
    public record Script(String phase, String name, Instant at, Duration took) {}

    /**
     * @param what the table, and the columns of it unless it went as a whole
     * @param place the table that has its rows
     * @param bytes on disk
     */
    public record Archived(String what, String script, String place, String state, long rows, long bytes) {}

    /** Empty if there has never been a release. */
    public Optional<Account> read(Optional<String> id) {
        return status.read(id).map(this::account);
    }

    private Account account(Status.Report report) {
        List<String> silent = new ArrayList<>();
        List<Script> scripts = new ArrayList<>();
        for (Migrations phase : migrations) {
            asked("The history of migrations", () -> past(phase, report), silent)
                    .forEach(scripts::add);
        }
        List<Archived> kept = asked("The archive", () -> kept(report), silent);
        return new Account(report, journal.now(), scripts, kept, silent);
    }

    private static List<Script> past(Migrations phase, Status.Report report) {
        return phase.past().stream()
                .filter(past -> !past.at().isBefore(report.openedAt()))
                .filter(past ->
                        report.finishedAt().map(end -> !past.at().isAfter(end)).orElse(true))
                .map(Chronicle::script)
                .toList();
    }

    private static Script script(Past past) {
        return new Script(past.phase(), past.script(), past.at(), past.took());
    }

    private List<Archived> kept(Status.Report report) {
        return archives.list().stream()
                .filter(entry -> entry.release().equals(report.release()))
                .map(entry -> new Archived(
                        entry.what(), entry.script(), entry.place(), entry.state(), entry.rows(), entry.bytes()))
                .toList();
    }

    /** Whoever reads a page of a release wants the rest of it all the more if a system does not answer. */
    private static <T> List<T> asked(String what, Supplier<List<T>> question, List<String> silent) {
        try {
            return question.get();
        } catch (PitstopException unanswered) {
            silent.add(what + " cannot be read: " + unanswered.getMessage());
            return List.of();
        }
    }
}
