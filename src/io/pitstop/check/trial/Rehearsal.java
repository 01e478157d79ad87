package io.pitstop.check.trial;

import io.pitstop.check.grammar.Statement;
import io.pitstop.check.live.LiveJudge;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import io.pitstop.check.script.Transactional;
import io.pitstop.database.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs the scripts that are to be judged, one after the other, and watches what each statement does. */
final class Rehearsal {
    private final Session session;
    private final LiveJudge live;
    private final Setting setting;
    private final TrialFindings findings;
    private final List<String> notes;
    private boolean excused;

    /**
     * What is known of the scripts and of the schema that they meet.
     *
     * @param together true if all of them are one release, which uses nothing that it made itself
     * @param complete true if the schema is production's own, not only what scripts have made
     */
    record Setting(boolean together, boolean complete, Sizes sizes) {}

    /** @param notes gets what could not be tried */
    Rehearsal(Session session, LiveJudge live, Setting setting, List<String> notes) {
        this.session = session;
        this.live = live;
        this.setting = setting;
        this.findings = new TrialFindings(setting.sizes());
        this.notes = notes;
    }

    List<Sighting> run(List<Script> scripts) throws SQLException {
        List<Script> order = setting.together()
                ? scripts
                : scripts.stream().sorted(ReleaseOrder.SCRIPTS).toList();
        Watch.InUse before = null;
        Phase phase = null;
        for (Script script : order) {
            if (before == null || !setting.together() || script.phase() != phase) {
                before = Watch.InUse.now(session.connection());
                phase = script.phase();
            }
            run(script, before);
        }
        return findings.all();
    }

    private void run(Script script, Watch.InUse before) throws SQLException {
        if (script.phase() == Phase.BACKFILL) {
            prepare(script);
        } else if (script.statements().stream().anyMatch(Transactional::isRefused)) {
            runOneByOne(script, before);
        } else {
            runInTransaction(script, script.statements(), before);
        }
    }

    /** What one transaction did, kept until it is known to have been committed. */
    private record Seen(
            Map<Statement, Observation> looks,
            Map<Statement, List<String>> removed,
            Map<Statement, SQLException> failures) {}

    private void runInTransaction(Script script, List<Statement> statements, Watch.InUse before) throws SQLException {
        Seen seen = session.inTransaction(() -> watch(statements, before));
        Map<String, LockMode> earlier = new TreeMap<>();
        seen.looks().forEach((statement, look) -> {
            findings.add(script, statement, look, earlier);
            earlier.putAll(look.taken());
        });
        seen.removed().forEach((statement, names) -> findings.removed(script, statement, names));
        seen.failures().forEach((statement, failure) -> failed(script, statement, failure));
        live.settle(session.connection(), script);
    }

    private Seen watch(List<Statement> statements, Watch.InUse before) throws SQLException {
        live.begin();
        Watch watch = Watch.begin(session.connection(), before);
        Seen seen = new Seen(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Statement statement : statements) {
            Optional<SQLException> failure = tryOut(statement);
            if (failure.isPresent()) {
                seen.failures().put(statement, failure.get());
            } else {
                seen.looks().put(statement, watch.look());
                live.look(session.connection(), statement);
            }
        }
        for (Map.Entry<Statement, Observation> each : seen.looks().entrySet()) {
            List<String> missing = watch.stillMissing(each.getValue().removed());
            if (!missing.isEmpty()) {
                seen.removed().put(each.getKey(), missing);
            }
        }
        return seen;
    }

    private Optional<SQLException> tryOut(Statement statement) throws SQLException {
        if (!Playable.isTried(statement)) {
            return Optional.empty();
        }
        Optional<SQLException> failure = session.attempt(statement.text());
        if (failure.isEmpty()) {
            return failure;
        }
        if (Session.lacksRole(failure.get())) {
            throw failure.get(); // the transaction is tried again with it
        }
        String state = String.valueOf(failure.get().getSQLState());
        boolean made = Playable.lacksExtension(statement, state) && session.makesExtension(statement.text());
        return made ? Optional.empty() : failure;
    }

    /** A script with a statement that cannot run in a transaction: each statement is for itself. */
    private void runOneByOne(Script script, Watch.InUse before) throws SQLException {
        for (Statement statement : script.statements()) {
            if (!Transactional.isRefused(statement)) {
                runInTransaction(script, List.of(statement), before);
            } else if (Playable.isTried(statement)) {
                runAlone(script, statement, before);
            }
        }
    }

    /** What cannot run in a transaction cannot be watched from within; that it locks nobody out is known. */
    private void runAlone(Script script, Statement statement, Watch.InUse before) throws SQLException {
        List<String> invalid = Watch.begin(session.connection(), before).invalid();
        try {
            session.withRoles(() -> {
                session.execute(statement.text());
                return null;
            });
        } catch (SQLException e) {
            failed(script, statement, e);
        }
        List<String> left =
                new ArrayList<>(Watch.begin(session.connection(), before).invalid());
        left.removeAll(invalid);
        if (!left.isEmpty()) {
            findings.invalid(script, statement, left);
        }
        live.begin();
        session.inTransaction(() -> {
            live.look(session.connection(), statement);
            return null;
        });
        live.settle(session.connection(), script);
    }

    /** A backfill has no rows here to fill: that its statements can be prepared is all that can be seen. */
    private void prepare(Script script) throws SQLException {
        for (Statement statement : script.statements()) {
            if (!List.of("UpdateStmt", "InsertStmt", "DeleteStmt", "SelectStmt", "MergeStmt")
                    .contains(statement.kind())) {
                continue;
            }
            try {
                session.execute("PREPARE pitstop_backfill AS " + statement.text());
                session.execute("DEALLOCATE pitstop_backfill");
            } catch (SQLException e) {
                failed(script, statement, e);
            }
        }
    }

    private void failed(Script script, Statement statement, SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        boolean hidden = Playable.lacksExtension(statement, state) || !Playable.isRefusal(state, setting.complete());
        if (setting.together() && !excused && !hidden) {
            findings.failed(script, statement, Database.message(failure));
        } else {
            notes.add("not tried: " + script.file().getFileName() + ":" + statement.line() + " " + statement.excerpt()
                    + " (" + Database.message(failure) + ")");
        }
        // What follows may need it.
        excused = true;
    }
}
