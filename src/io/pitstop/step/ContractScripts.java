package io.pitstop.step;

import io.pitstop.archive.Archive;
import io.pitstop.archive.DropGuard;
import io.pitstop.migration.Applied;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.migration.ScriptGuard;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The scripts of contract: what they drop is archived first, and while they run the archive watches over them. */
public final class ContractScripts {
    private final Migrations migrations;
    private final Archive archive;

    public ContractScripts(Migrations migrations, Archive archive) {
        this.migrations = migrations;
        this.archive = archive;
    }

    List<Pending> pending() {
        return migrations.pending();
    }

    /** Archives what the pending scripts are going to drop; the application may go on meanwhile. */
    DropGuard keep(Lease lease) {
        return archive.keep(
                lease,
                pending().stream()
                        .map(script -> new Archive.Script(script.file(), script.inTransaction()))
                        .toList());
    }

    /** Applies them, and returns the names of those that were. */
    List<String> run(Lease lease, DropGuard guard) {
        return migrations.migrate(lease, new Watched(guard)).stream()
                .map(Applied::script)
                .toList();
    }

    private record Watched(DropGuard guard) implements ScriptGuard {
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
    }
}
