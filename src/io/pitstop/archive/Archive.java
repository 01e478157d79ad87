package io.pitstop.archive;

import io.pitstop.database.Database;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Archives what scripts are going to drop: how it is made in the register, its rows in schema {@code pitstop_archive}.
 *
 * <p>Rows are copied in short batches while the application goes on, kept up to date until the moment of the drop, and
 * compared with the table. Run again after it was cut short, it goes on where it was.
 */
public final class Archive {
    private final Database database;
    private final Dropped dropped;
    private final Consumer<String> out;

    /**
     * @param dropped reads the scripts
     * @param out gets lines for people
     */
    public Archive(Database database, Dropped dropped, Consumer<String> out) {
        this.database = database;
        this.dropped = dropped;
        this.out = out;
    }

    /**
     * One script.
     *
     * @param inTransaction true if it is applied as a whole or not at all
     */
    public record Script(Path file, boolean inTransaction) {}

    /**
     * Archives what {@code scripts} are going to drop. Nothing is dropped, and the application may go on.
     *
     * @param scripts in the order in which they will run
     * @return watches over them while they run, and keeps the archive up to date until then
     * @throws MoveRefused naming what cannot be archived; nothing is touched
     * @throws io.pitstop.error.DependencyFailed if the database failed or a lock was not free; running again goes on
     */
    public DropGuard keep(Lease lease, List<Script> scripts) {
        Work work = begin(lease);
        boolean kept = false;
        try {
            List<Going> going = foresee(work, lease, scripts);
            prepare(work, lease, going);
            List<String> what = new ArrayList<>();
            for (Going script : going) {
                what.addAll(keep(work, script));
            }
            kept = true;
            return new DropGuard(work, going, what);
        } catch (SQLException e) {
            throw Database.failure(e);
        } finally {
            if (!kept) {
                work.close();
            }
        }
    }

    /**
     * Takes down what an archive that will not be finished has put on the tables; its rows go too.
     *
     * @return what it was about, in words
     */
    public List<String> standDown(Lease lease) {
        try (Work work = begin(lease)) {
            List<String> gone = new ArrayList<>();
            if (Query.text(work.side(), "SELECT to_regclass('pitstop.archives')")
                    .equals("null")) {
                return gone; // an older Pitstop made the journal, and archived nothing
            }
            for (Unit unit : new Units(lease.release().id()).all(work.side())) {
                if (unit.isOpen()) {
                    remove(work, unit);
                    gone.add(unit.name());
                }
            }
            return gone;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private Work begin(Lease lease) {
        try {
            return Work.begin(database, lease, out);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** What was kept of a script, in words. */
    private static List<String> keep(Work work, Going script) throws SQLException {
        List<String> what = new ArrayList<>();
        script.unkept().ifPresent(reason -> what.add(script.script() + ": nothing, because " + reason));
        Units units = new Units(work.lease().release().id());
        for (Unit unit : units.open(work.side(), script.script())) {
            keeper(work, unit).keep();
            long rows = units.load(work.side(), unit.id()).rows();
            what.add(String.format(Locale.ROOT, "%s: %,d rows of %s", script.script(), rows, unit.name()));
        }
        if (!script.definitions().isEmpty()) {
            what.add(script.script() + ": " + script.definitions().size() + " definitions");
        }
        return what;
    }

    private List<Going> foresee(Work work, Lease lease, List<Script> scripts) throws SQLException {
        try (Connection asTheyDo = database.connect(lease.step())) {
            List<Path> files = scripts.stream().map(Script::file).toList();
            List<Going> going = new Foresight(work.side(), dropped).of(new Reach(asTheyDo), files);
            for (int i = 0; i < going.size(); i++) {
                refuseRowsOutsideTransaction(going.get(i), scripts.get(i));
            }
            return going;
        }
    }

    private static void refuseRowsOutsideTransaction(Going going, Script script) {
        if (!script.inTransaction() && !going.sources().isEmpty()) {
            throw new MoveRefused(
                    going.script() + " drops " + going.sources().get(0).table()
                            + " or columns of it outside a transaction.",
                    "Put it into a script of its own, which runs in one.");
        }
    }

    /** Brings the register in line with what the scripts say now. */
    private static void prepare(Work work, Lease lease, List<Going> going) throws SQLException {
        Query.run(work.side(), "CREATE SCHEMA IF NOT EXISTS " + Place.SCHEMA);
        Units units = new Units(lease.release().id());
        Makings makings = new Makings(lease.release().id());
        List<String> scripts = going.stream().map(Going::script).toList();
        for (Unit unit : units.all(work.side())) {
            if (unit.isOpen() && (!scripts.contains(unit.script()) || !isAbout(unit, going))) {
                remove(work, unit);
            }
        }
        for (Going script : going) {
            work.write(transaction -> makings.replace(transaction, script));
            List<Unit> begun = units.open(work.side(), script.script());
            for (Source source : script.sources()) {
                if (begun.stream().noneMatch(unit -> isAbout(unit, source))) {
                    work.write(transaction -> begin(transaction, units, script, source));
                }
            }
        }
    }

    private static void begin(Connection transaction, Units units, Going script, Source source) throws SQLException {
        long id = units.add(transaction, script.script(), source, "");
        Unit unit = units.load(transaction, id);
        String about = "What " + script.script() + " of release " + unit.release() + " drops of " + unit.name();
        Work.execute(transaction, new Place(id, source).creation(about));
    }

    private static boolean isAbout(Unit unit, List<Going> going) {
        return going.stream()
                .filter(script -> script.script().equals(unit.script()))
                .flatMap(script -> script.sources().stream())
                .anyMatch(source -> isAbout(unit, source));
    }

    private static boolean isAbout(Unit unit, Source source) {
        List<String> keys =
                source.isKeyed() ? source.keys().stream().map(Column::name).toList() : List.of();
        return unit.table().equals(source.table())
                && unit.whole() == source.whole()
                && unit.keys().equals(keys)
                && unit.columns()
                        .equals(source.columns().stream().map(Column::name).toList());
    }

    private static void remove(Work work, Unit unit) throws SQLException {
        Place place = new Place(unit.id(), source(work.side(), unit));
        work.patiently("archive: forgetting " + unit.name(), transaction -> {
            if (!Query.text(transaction, "SELECT to_regclass(?)", unit.table()).equals("null")) {
                Work.execute(transaction, place.withoutTriggers());
            }
            Work.execute(transaction, place.withoutChanges());
            Query.run(transaction, place.withoutRows());
            Units.remove(transaction, unit);
        });
    }

    static Keeper keeper(Work work, Unit unit) throws SQLException {
        return new Keeper(work, unit, source(work.side(), unit));
    }

    static Source source(Connection session, Unit unit) throws SQLException {
        return Source.read(session, unit.table(), unit.whole(), unit.keys(), unit.columns());
    }
}
