package io.pitstop.draft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.archive.Archive;
import io.pitstop.archive.DropGuard;
import io.pitstop.archive.Restoration;
import io.pitstop.archive.Restored;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.script.Version;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.database.TestDatabase;
import io.pitstop.draft.table.Catalog;
import io.pitstop.draft.table.Table;
import io.pitstop.evidence.Comparisons;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.ScriptGuard;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.ContractDrops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A draft and a database that it is tried on, phase by phase, by what a release runs it with. */
final class Rehearsal {
    private static final Grammar GRAMMAR = new Grammar();
    private static final BackfillSettings SETTINGS = new BackfillSettings(50, Duration.ofMillis(100), 1, Set.of());

    final TestDatabase server = TestDatabase.create();
    final MigrationsConfig folders;
    private final Path root;
    private final ReleaseJournal journal =
            new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
    private final Release release = journal.open("2", "1", Colour.GREEN);

    /** @param schema of version 1, applied */
    Rehearsal(Path root, String schema) {
        this.root = root;
        this.folders = new MigrationsConfig(
                root.resolve("db/migration"),
                root.resolve("db/backfill"),
                root.resolve("db/finish"),
                root.resolve("db/contract"),
                root.resolve("db/restore"));
        try {
            Files.createDirectories(folders.expand());
            Files.writeString(folders.expand().resolve("V1__before.sql"), schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        expand();
    }

    Table table(String name) {
        return table("", name);
    }

    Table table(String schema, String name) {
        try (Connection session = server.connect()) {
            return new Catalog(session).table(schema, name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the files of version 2. */
    Draft draft(Change change) {
        Draft draft = change.draft();
        new DraftFolders(folders).write(draft, Optional.empty());
        return draft;
    }

    /** What check finds in the draft. */
    List<Finding> check() {
        return new Checks(folders, root, () -> ServerVersion.OLDEST, TrialJudge.off())
                .judge(Selection.since(Version.of("1").orElseThrow()))
                .all();
    }

    Rehearsal expand() {
        try (Lease lease = journal.lease(release, "migrate-expand")) {
            Migrations.expand(server.database(), folders, line -> {}).migrate(lease);
        }
        return this;
    }

    Rehearsal backfill() {
        fill(folders.backfill());
        return this;
    }

    /** Keys of rows whose two sides contradict each other, by what the draft says of them in its files. */
    List<String> differing() {
        server.execute("DELETE FROM pitstop.comparisons");
        try (Lease lease = journal.lease(release, "contract")) {
            Comparisons.Outcome outcome = new Comparisons(server.database(), folders.backfill()).run(lease);
            assertThat(outcome.silent()).isEmpty();
            return outcome.compared().stream()
                    .flatMap(compared -> compared.examples().stream())
                    .toList();
        }
    }

    Rehearsal finish() {
        try (Lease lease = journal.lease(release, "backfill")) {
            Migrations.finish(server.database(), folders, line -> {}).migrate(lease);
        }
        return this;
    }

    Rehearsal contract() {
        Migrations contract = Migrations.contract(server.database(), folders, line -> {});
        List<Archive.Script> scripts = contract.pending().stream()
                .map(pending -> new Archive.Script(pending.file(), pending.inTransaction()))
                .toList();
        Archive archive = new Archive(server.database(), new ContractDrops(() -> GRAMMAR), line -> {});
        try (Lease lease = journal.lease(release, "contract");
                DropGuard guard = archive.keep(lease, scripts)) {
            contract.migrate(lease, guarded(guard));
        }
        return this;
    }

    /** From the archive, and what that does not know by the drafted reverse. */
    Restored restore() {
        Restored restored;
        try (Lease lease = journal.lease(release, "restore");
                Restoration restoration = Restoration.begin(server.database(), lease, true, line -> {})) {
            restoration.bringBack();
            new BackfillJob(server.database(), folders.restore(), SETTINGS, line -> {}).run(lease);
            restored = restoration.bind();
        }
        return restored;
    }

    private void fill(Path folder) {
        try (Lease lease = journal.lease(release, "backfill")) {
            new BackfillJob(server.database(), folder, SETTINGS, line -> {}).run(lease);
        }
    }

    private static ScriptGuard guarded(DropGuard guard) {
        return new ScriptGuard() {
            @Override
            public void ready(Path script) {
                guard.ready(script);
            }

            @Override
            public boolean before(Path script, Connection transaction) throws SQLException {
                return guard.before(script, transaction);
            }

            @Override
            public void after(Path script, Connection transaction) throws SQLException {
                guard.after(script, transaction);
            }
        };
    }
}
