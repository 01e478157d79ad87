package io.pitstop.archive;

import static java.util.stream.Collectors.joining;

import io.pitstop.archive.Unit.State;
import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sees to it, in the transaction of each script, that the archive is complete to the last row and that nothing goes
 * which was not archived, whatever the script did to make it go.
 */
public final class DropGuard implements AutoCloseable {
    private final Work work;
    private final List<Going> scripts;
    private final List<String> kept;
    private Set<ObjectId> before = Set.of();

    DropGuard(Work work, List<Going> scripts, List<String> kept) {
        this.work = work;
        this.scripts = scripts;
        this.kept = List.copyOf(kept);
    }

    /** What is archived, one line each. */
    public List<String> kept() {
        return kept;
    }

    /**
     * Call before the transaction of a script asks for locks: brings the archive as near to the tables as can be.
     */
    public void ready(Path script) {
        try {
            for (Unit unit : units(script)) {
                Archive.keeper(work, unit).keep();
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /**
     * Call first in the transaction: takes the tables' locks and what has changed in the last moment.
     *
     * @return false if too much has changed to be copied under the locks; the transaction is to be tried anew
     * @throws SQLException if a lock is not free, among other things
     */
    public boolean before(Path script, Connection transaction) throws SQLException {
        Going going = going(script);
        if (going.unkept().isPresent()) {
            return true;
        }
        if (transaction.getAutoCommit()) {
            note(going, transaction);
            return true;
        }
        before = Catalog.read(transaction);
        List<String> settings = Work.settings(transaction);
        boolean complete = take(going, transaction);
        Work.set(transaction, settings);
        return complete;
    }

    /**
     * Call after the script and before the commit.
     *
     * @throws MoveRefused naming what went and is not archived
     */
    public void after(Path script, Connection transaction) throws SQLException {
        Going going = going(script);
        if (going.unkept().isPresent()) {
            return;
        }
        Set<ObjectId> unseen = new HashSet<>(before);
        unseen.removeAll(Catalog.read(transaction));
        unseen.removeIf(id -> going.objects().contains(id) || going.objects().contains(id.whole()));
        // Who is beside us still sees what only we have dropped; what others have dropped is their affair.
        List<String> names = unseen.isEmpty() ? List.of() : Catalog.names(work.side(), unseen);
        if (!names.isEmpty()) {
            throw new MoveRefused(
                    going.script() + " drops what was not archived, because it does not say so: "
                            + names.stream().limit(5).collect(joining(", ")) + (names.size() > 5 ? ", …" : "")
                            + ". The script was rolled back as a whole.",
                    "Write what it drops as plain statements of the script, or begin it with"
                            + " \"-- pitstop:unarchived because …\".");
        }
    }

    @Override
    public void close() {
        work.close();
    }

    private boolean take(Going going, Connection transaction) throws SQLException {
        List<Unit> units = units(going.file());
        for (Unit unit : units) {
            Query.run(transaction, "LOCK TABLE " + unit.table() + " IN ACCESS EXCLUSIVE MODE");
        }
        for (Unit unit : units) {
            Keeper keeper = Archive.keeper(work, unit);
            if (keeper.isStale(transaction) || keeper.changes(transaction) > Keeper.CHANGES_AT_ONCE) {
                return false;
            }
            keeper.sync(transaction);
            Work.execute(transaction, keeper.place().withoutTriggers());
            Work.execute(transaction, keeper.place().withoutChanges());
            Units.enter(transaction, unit, State.DROPPED);
        }
        note(going, transaction);
        return true;
    }

    private void note(Going going, Connection transaction) throws SQLException {
        Makings makings = new Makings(release());
        makings.noteValues(transaction, going.script());
        makings.noteDropped(transaction, going.script());
    }

    private List<Unit> units(Path script) throws SQLException {
        return new Units(release()).open(work.side(), script.getFileName().toString());
    }

    private String release() {
        return work.lease().release().id();
    }

    private Going going(Path script) {
        return scripts.stream()
                .filter(one -> one.script().equals(script.getFileName().toString()))
                .filter(one -> one.text().equals(Going.read(script)))
                .findFirst()
                .orElseThrow(() -> new MoveRefused(
                        script + " has changed since that which it drops was archived.", "Run contract again."));
    }
}
