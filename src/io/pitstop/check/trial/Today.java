package io.pitstop.check.trial;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.ScriptFile;
import io.pitstop.check.script.Transactional;
import io.pitstop.database.Database;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings the scratch database to the schema that production has today. */
final class Today {
    /** A text of several statements that fails so may run one by one. */
    private static final Set<String> ONE_BY_ONE = Set.of("25001", "0A000", "58P01", "42501", "42601");

    private final Session session;
    private final Grammar grammar;
    private final List<String> notes;

    /** @param notes gets what could not be had */
    Today(Session session, Grammar grammar, List<String> notes) {
        this.session = session;
        this.grammar = grammar;
        this.notes = notes;
    }

    /** A script that is applied and does not run here. */
    static final class NotReached extends Exception {
        private static final long serialVersionUID = 1L;

        NotReached(Path file, SQLException cause) {
            super(file.getFileName() + " does not run there: " + Database.message(cause), cause);
        }
    }

    /** Runs what was applied, in the order of its versions; what needs another script waits for it. */
    void from(List<ScriptFile> applied) throws NotReached {
        List<ScriptFile> left = applied.stream()
                .filter(file -> file.phase() != Phase.BACKFILL) // there are no rows to fill
                .sorted(ReleaseOrder.FILES)
                .toList();
        while (!left.isEmpty()) {
            List<ScriptFile> failed = new ArrayList<>();
            NotReached first = null;
            for (ScriptFile file : left) {
                try {
                    run(file);
                } catch (SQLException e) {
                    first = first == null ? new NotReached(file.path(), e) : first;
                    failed.add(file);
                }
            }
            if (failed.size() == left.size()) {
                throw first;
            }
            left = failed;
        }
    }

    /** Runs a dump of the schema, as pg_dump writes it. */
    void from(Path dump) throws NotReached {
        if (!Files.isReadable(dump)) {
            throw new InvalidConfig(
                    "The dump " + dump + " cannot be read.", "Write it with pg_dump --schema-only, or name another.");
        }
        Script script = Script.read(new ScriptFile(dump, Phase.EXPAND, Optional.empty(), true), grammar);
        try {
            session.inTransaction(() -> {
                runEach(script);
                return null;
            });
        } catch (SQLException e) {
            throw new NotReached(dump, e);
        }
    }

    private void run(ScriptFile file) throws SQLException {
        String text = Script.text(file);
        try {
            session.inTransaction(() -> {
                session.execute(text);
                return null;
            });
        } catch (SQLException e) {
            // The driver itself says no to the rows of a COPY.
            if (e.getSQLState() != null && !ONE_BY_ONE.contains(e.getSQLState()) && !text.contains("STDIN")) {
                throw e;
            }
            runOneByOne(Script.read(file, grammar));
        }
    }

    private void runOneByOne(Script script) throws SQLException {
        if (script.statements().stream().noneMatch(Transactional::isRefused)) {
            session.inTransaction(() -> {
                runEach(script);
                return null;
            });
            return;
        }
        for (Statement statement : script.statements()) {
            if (Playable.isTried(statement)) {
                session.withRoles(() -> {
                    session.execute(statement.text());
                    return null;
                });
            }
        }
    }

    private void runEach(Script script) throws SQLException {
        for (Statement statement : script.statements()) {
            if (!Playable.isTried(statement)) {
                continue;
            }
            Optional<SQLException> failure = session.attempt(statement.text());
            if (failure.isPresent() && Session.lacksRole(failure.get())) {
                throw failure.get(); // the transaction is tried again with it
            }
            if (failure.isPresent() && !isLeft(script, statement, failure.get())) {
                throw failure.get();
            }
        }
    }

    /** What this server cannot have is left out: an extension that it does not know, an owner that it must not give. */
    private boolean isLeft(Script script, Statement statement, SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (Playable.lacksExtension(statement, state) && session.makesExtension(statement.text())) {
            return true;
        }
        if (!Playable.lacksExtension(statement, state) && !state.equals("42501")) {
            return false;
        }
        notes.add("left out of the trial: " + script.file().getFileName() + ":" + statement.line() + " "
                + statement.excerpt() + " (" + Database.message(failure) + ")");
        return true;
    }
}
