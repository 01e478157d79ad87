package io.pitstop.archive;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.ScriptGuard;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Scripts that drop something, and an archive on a real PostgreSQL. */
final class Vault {
    /** Takes half a second to load. */
    private static final Grammar GRAMMAR = new Grammar();

    final TestDatabase server;
    final List<String> lines = new CopyOnWriteArrayList<>();
    final ReleaseJournal journal;
    final Release release;
    private final Database database;
    private final Path folder;

    /** On a database of its own. */
    Vault(Path folder) {
        this.folder = folder;
        this.server = TestDatabase.create();
        this.database = server.database();
        this.journal = journal();
        this.release = journal.open("2", "1", Colour.GREEN);
    }

    /** On the database of another process. */
    Vault(Path folder, Database database) {
        this.folder = folder;
        this.server = null;
        this.database = database;
        this.journal = journal();
        this.release = journal.latest().orElseThrow();
    }

    private ReleaseJournal journal() {
        return new ReleaseJournal(database, "blog", new Actor("ann", "build-7", "node-1"));
    }

    /** Writes a script of contract, over one that is there. */
    Vault script(String name, String sql) {
        try {
            Path file = folder.resolve("contract").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, sql);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Archive archive() {
        return new Archive(database, new ContractDrops(() -> GRAMMAR), lines::add);
    }

    /** Archives and says what. */
    List<String> keep() {
        try (Lease lease = journal.lease(release, "contract");
                DropGuard guard = archive().keep(lease, scripts())) {
            return guard.kept();
        }
    }

    /** Archives, as far as that was not done before, and drops. */
    void contract() {
        contract(() -> {});
    }

    /** @param between runs after everything is archived and before the first script */
    void contract(Runnable between) {
        try (Lease lease = journal.lease(release, "contract");
                DropGuard guard = archive().keep(lease, scripts())) {
            between.run();
            migrations().migrate(lease, guarded(guard));
            lease.record(Fact.CONTRACT_BEGUN, Map.of());
        }
    }

    List<String> standDown() {
        try (Lease lease = journal.lease(release, "contract")) {
            return archive().standDown(lease);
        }
    }

    private List<Archive.Script> scripts() {
        return migrations().pending().stream()
                .map(pending -> new Archive.Script(pending.file(), pending.inTransaction()))
                .toList();
    }

    Restored restore() {
        return restore(true);
    }

    Restored restore(boolean strict) {
        try (Lease lease = journal.lease(release, "restore");
                Restoration restoration = Restoration.begin(database, lease, strict, lines::add)) {
            restoration.bringBack();
            return restoration.bind();
        }
    }

    Migrations migrations() {
        MigrationsConfig folders = new MigrationsConfig(
                folder.resolve("expand"),
                folder.resolve("backfill"),
                folder.resolve("finish"),
                folder.resolve("contract"),
                folder.resolve("restore"));
        return Migrations.contract(database, folders, lines::add);
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
