package io.pitstop.evidence;

import io.pitstop.database.Database;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Compares old and new values by the backfill files that say how. */
public final class Comparisons {
    private final Database database;
    private final Path folder;

    /** @param folder holds the backfill files; one that does not exist holds none */
    public Comparisons(Database database, Path folder) {
        this.database = database;
        this.folder = folder;
    }

    /**
     * What was compared, and what not.
     *
     * @param excused why some files compare nothing, in their words
     * @param silent names of files that do not say how to compare
     */
    public record Outcome(List<Compared> compared, List<String> excused, List<String> silent) {
        public Outcome {
            compared = List.copyOf(compared);
            excused = List.copyOf(excused);
            silent = List.copyOf(silent);
        }
    }

    /**
     * Compares all rows of now; what a run of the last hour has found need not be found again.
     *
     * @throws io.pitstop.error.InvalidConfig if a query is wrong, or leaves rows out
     */
    public Outcome run(Lease lease) {
        List<Compared> compared = new ArrayList<>();
        List<String> excused = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (SameFile file : SameFile.in(folder)) {
            if (file.query().isPresent()) {
                compared.add(compare(file, lease));
            } else if (file.reason().isPresent()) {
                excused.add(file.name() + " compares nothing, because "
                        + file.reason().get());
            } else {
                silent.add(file.name());
            }
        }
        return new Outcome(compared, excused, silent);
    }

    /** Names of files that do not say how to compare. */
    public List<String> silent() {
        return SameFile.in(folder).stream()
                .filter(file -> file.query().isEmpty() && file.reason().isEmpty())
                .map(SameFile::name)
                .toList();
    }

    private Compared compare(SameFile file, Lease lease) {
        try (Connection session = database.connect(lease.step());
                Connection side = database.connect(lease.step())) {
            return new Comparison(file, session, new ComparisonTable(side, lease, file)).run();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }
}
