package io.pitstop.archive;

import io.pitstop.archive.Definition.Manner;
import io.pitstop.archive.Definition.Phase;
import io.pitstop.archive.Makings.Making;
import io.pitstop.archive.Restored.Problem;
import io.pitstop.archive.Unit.State;
import io.pitstop.database.Database;
import io.pitstop.database.MigrationLock;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Brings back what a release's contract has dropped, while the application goes on: first room for the rows, with the
 * triggers that fill it for new ones, then the rows in short batches, then what binds them.
 *
 * <p>Each part is noted with what it did, so that a run that was cut short is gone on with.
 */
public final class Restoration implements AutoCloseable {
    private final Work work;
    private final Makings makings;
    private final Units units;
    private final boolean strict;

    private Restoration(Work work, boolean strict) {
        this.work = work;
        this.strict = strict;
        this.makings = new Makings(work.lease().release().id());
        this.units = new Units(work.lease().release().id());
    }

    /**
     * Begins a restoration; nobody can migrate the application until it is closed.
     *
     * @param strict also bring back what acts on or refuses rows of tables that were there all along: triggers, NOT NULL,
     *     constraints. Right as long as what runs now is what ran before the drop
     * @throws MoveRefused if migrations run, or if what was dropped is not in the archive any more
     */
    public static Restoration begin(Database database, Lease lease, boolean strict, Consumer<String> out) {
        try {
            Work work = Work.begin(database, lease, out);
            MigrationLock.take(work.side(), lease.release().application());
            Restoration restoration = new Restoration(work, strict);
            restoration.refusePurged();
            return restoration;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** Scripts of which something is in the archive, the last one first. */
    public List<String> scripts() {
        try {
            Set<String> scripts = new LinkedHashSet<>();
            makings.dropped(work.side()).forEach(making -> scripts.add(making.script()));
            return List.copyOf(scripts);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** True if there is something left that could be brought back, or back better than it is. */
    public boolean hasMore() {
        try {
            return makings.dropped(work.side()).stream()
                            .anyMatch(making -> !making.restored()
                                    && making.definition().manner() != Manner.IMPOSSIBLE
                                    && !isTooStrict(making))
                    || units.all(work.side()).stream().anyMatch(unit -> unit.is(State.DROPPED));
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** Room, rows, and what acts on them. */
    public void bringBack() {
        try {
            boolean early = units.all(work.side()).stream().noneMatch(Unit::whole);
            remake(making -> isStructure(making) || early && isAction(making));
            for (Unit unit : lastFirst()) {
                if (unit.is(State.DROPPED)) {
                    new Refill(work, unit).run();
                }
            }
            remake(this::isAction);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** What binds the rows, or is cheaper to build when they are there. */
    public Restored bind() {
        try {
            new Binding(work, makings)
                    .run(makings.dropped(work.side()).stream()
                            .filter(making -> making.definition().phase() == Phase.STRICTNESS && !isTooStrict(making))
                            .toList());
            for (Making making : makings.dropped(work.side())) {
                if (!making.restored() && isTooStrict(making)) {
                    makings.noteProblem(work.side(), making, "left out, because a later release may not live with it");
                }
            }
            return result();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    @Override
    public void close() {
        work.close();
    }

    /** A table has to have its rows before they can have the columns that went first. */
    private List<Unit> lastFirst() throws SQLException {
        List<Unit> all = new ArrayList<>(units.all(work.side()));
        Collections.reverse(all);
        return all;
    }

    private void refusePurged() throws SQLException {
        List<String> purged = units.all(work.side()).stream()
                .filter(unit -> unit.is(State.PURGED))
                .map(Unit::name)
                .toList();
        if (!purged.isEmpty()) {
            throw new MoveRefused(
                    "The archive of " + String.join(", ", purged) + " was purged.", "Restore it from a backup.");
        }
    }

    /** Script by script, the last one's first: each in one transaction, as the script itself ran. */
    private void remake(Predicate<Making> wanted) throws SQLException {
        for (String script : scripts()) {
            List<Making> open = makings.dropped(work.side()).stream()
                    .filter(making -> making.script().equals(script) && !making.restored())
                    .filter(wanted)
                    .toList();
            if (!open.isEmpty()) {
                work.say("restore: " + open.size() + (open.size() == 1 ? " object of " : " objects of ") + script);
                new Remaking(work, makings).run(script, open);
            }
        }
    }

    private boolean isStructure(Making making) {
        return making.definition().phase() == Phase.STRUCTURE;
    }

    private boolean isAction(Making making) {
        return making.definition().phase() == Phase.ACTION && !isTooStrict(making);
    }

    private boolean isTooStrict(Making making) {
        Definition definition = making.definition();
        boolean binds = definition.phase() == Phase.ACTION
                || Set.of(Manner.NOT_NULL, Manner.UNIQUE, Manner.CHECK, Manner.FOREIGN_KEY)
                        .contains(definition.manner())
                || definition.sql().startsWith("CREATE UNIQUE");
        return binds && !strict;
    }

    private Restored result() throws SQLException {
        List<String> objects = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Making making : makings.dropped(work.side())) {
            String identity = making.definition().identity();
            if (making.restored() && !objects.contains(identity)) {
                objects.add(identity);
            }
            making.problem()
                    .ifPresent(reason -> problems.add(
                            new Problem(identity, reason, making.definition().sql())));
        }
        List<Unit> all = units.all(work.side());
        all.stream()
                .flatMap(unit -> Stream.ofNullable(unit.problem())
                        .filter(problem -> !problem.isEmpty())
                        .map(problem -> new Problem("rows of " + unit.name(), problem, "")))
                .forEach(problems::add);
        return new Restored(
                objects,
                all.stream().mapToLong(unit -> unit.figures().restored()).sum(),
                all.stream().mapToLong(unit -> unit.figures().changed()).sum(),
                all.stream().mapToLong(unit -> unit.figures().unknown()).sum(),
                problems);
    }
}
