package io.pitstop.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.archive.Archive;
import io.pitstop.archive.Departures;
import io.pitstop.archive.Restoration;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.check.Checks;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.config.Approvable;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.HealthPolicy;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.config.ShiftConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Statistics;
import io.pitstop.database.TestDatabase;
import io.pitstop.evidence.Comparisons;
import io.pitstop.evidence.DualWrites;
import io.pitstop.evidence.LiveCatalog;
import io.pitstop.evidence.StatementLog;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.ContractSubject;
import io.pitstop.step.approval.DeploySubject;
import io.pitstop.step.approval.Sightings;
import io.pitstop.step.approval.SwitchSubject;
import io.pitstop.step.inquiry.ComparisonEvidence;
import io.pitstop.step.inquiry.StatementEvidence;
import io.pitstop.step.shift.HealthWait;
import io.pitstop.step.shift.SwitchNotes;
import io.pitstop.traffic.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Blog 1 is live on blue, and a journal on a real PostgreSQL; router and environments are in memory. */
final class Situation {
    static final Optional<String> NONE = Optional.empty();

    /** Takes half a second to load. */
    private static final Grammar GRAMMAR = new Grammar();

    final TestDatabase server = TestDatabase.create();
    final ReleaseJournal journal = new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
    final FakeRouter router = new FakeRouter();
    final Readiness readiness = new Readiness(router, new HealthPolicy(1, 1, 1), Duration.ofMillis(20));
    final FakeEnvironments environments = new FakeEnvironments().running(Colour.BLUE, "1");

    /** Opens release blog-2-1, for which {@code facts} hold. */
    Situation given(Fact... facts) {
        Release release = journal.open("2", "1", Colour.GREEN);
        try (Lease lease = journal.lease(release, "given")) {
            for (Fact fact : facts) {
                lease.record(fact, Map.of());
            }
            if (List.of(facts).contains(Fact.SWITCHED)) {
                assertThat(statements().look(lease)).isEmpty();
            }
        }
        if (release.is(Fact.DEPLOYED) || List.of(facts).contains(Fact.DEPLOYED)) {
            environments.running(Colour.GREEN, "2");
        }
        return this;
    }

    Release release() {
        return journal.latest().orElseThrow();
    }

    Set<Fact> facts() {
        return release().facts().keySet();
    }

    List<String> events() {
        return journal.events(release()).stream().map(Event::event).toList();
    }

    /** Writes a file of SQL below {@code folder}, over one that is there. */
    void sql(Path folder, String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The migrations in {@code folder/migration}. */
    Migrations expand(Path folder) {
        return Migrations.expand(server.database(), folders(folder), line -> {});
    }

    /** The migrations in {@code folder/finish}. */
    Migrations finish(Path folder) {
        return Migrations.finish(server.database(), folders(folder), line -> {});
    }

    /** The migrations in {@code folder/contract}. */
    Migrations contract(Path folder) {
        return Migrations.contract(server.database(), folders(folder), line -> {});
    }

    StatementLog statements() {
        return new StatementLog(server.database());
    }

    /** Forgets what a test did to prepare itself. */
    void lookAtStatements() {
        try (Lease lease = journal.lease(release(), "given")) {
            assertThat(statements().look(lease)).isEmpty();
        }
    }

    /** By the files in {@code folder/backfill}. */
    ComparisonEvidence comparisonEvidence(Path folder) {
        return new ComparisonEvidence(
                new Comparisons(server.database(), folders(folder).backfill()));
    }

    StatementEvidence statementEvidence(Path folder, Duration after) {
        return new StatementEvidence(
                journal,
                statements(),
                new Departures(server.database(), new ContractDrops(() -> GRAMMAR)),
                new LiveCatalog(server.database()),
                () -> GRAMMAR,
                contract(folder),
                after);
    }

    /** Notes what only the old version needs by the files in {@code folder/contract}. */
    SwitchNotes switchNotes(Path folder) {
        ContractDrops drops = new ContractDrops(() -> GRAMMAR);
        Departures departures = new Departures(server.database(), drops);
        return new SwitchNotes(statements(), contract(folder), drops, departures, line -> {});
    }

    WayBack wayBack() {
        return wayBack(readiness);
    }

    WayBack wayBack(Readiness readiness) {
        return wayBack(readiness, server.database());
    }

    /** @param database that is asked whether it has what the old version needs */
    WayBack wayBack(Database database) {
        return wayBack(readiness, database);
    }

    private WayBack wayBack(Readiness readiness, Database database) {
        return new WayBack(
                journal,
                readiness,
                new Departures(database, new ContractDrops(() -> GRAMMAR)),
                new DualWrites(database),
                new ColourSessions(database, "blog"));
    }

    Rollback rollback() {
        return new Rollback(journal, router, readiness, wayBack(), this::standDown);
    }

    private Optional<String> standDown(Lease lease) {
        archive().standDown(lease);
        return Optional.empty();
    }

    /** The migrations in {@code folder/contract}, with an archive for what they drop. */
    ContractScripts contractScripts(Path folder) {
        return new ContractScripts(contract(folder), archive());
    }

    /** Fills what the archive does not know by the files in {@code folder/restore}. */
    Restore restore(Path folder) {
        Restore.Opening opening = (lease, strict) -> Restoration.begin(server.database(), lease, strict, line -> {});
        BackfillJob reverse = new BackfillJob(
                server.database(),
                folders(folder).restore(),
                new BackfillSettings(100, BackfillSettings.DEFAULT_BATCH_TIME, 1, Set.of()),
                line -> {});
        Statistics statistics = new Statistics(server.database());
        return new Restore(journal, opening, reverse, contract(folder), statistics, line -> {});
    }

    Archive archive() {
        return new Archive(server.database(), new ContractDrops(() -> GRAMMAR), line -> {});
    }

    /** The files in {@code folder/backfill}. */
    BackfillJob backfillJob(Path folder) {
        return new BackfillJob(
                server.database(),
                folders(folder).backfill(),
                new BackfillSettings(100, BackfillSettings.DEFAULT_BATCH_TIME, 1, Set.of()),
                line -> {});
    }

    /** Judges the scripts in {@code folder}; {@code said} gets its warnings. */
    ScriptSafety safety(Path folder, Consumer<String> said) {
        return safety(folder, said, TrialJudge.off());
    }

    /** Tries them, too. */
    ScriptSafety safety(Path folder, Consumer<String> said, TrialJudge trial) {
        Checks checks = new Checks(folders(folder), folder, () -> ServerVersion.OLDEST, trial);
        return new ScriptSafety(checks, expand(folder), finish(folder), contract(folder), said);
    }

    /** Approvals of what lies in {@code folder}, demanded for some steps. */
    Approvals approvals(Path folder, Approvable... demanded) {
        return new Approvals(
                journal,
                Set.of(demanded),
                deploying(),
                new SwitchSubject(journal, Map.of(), List.of(expand(folder), finish(folder))),
                new ContractSubject(Duration.ZERO, Idle.KEEP, contract(folder), scripts -> List.of()));
    }

    DeploySubject deploying() {
        return new DeploySubject(environments, healthWait());
    }

    HealthWait healthWait() {
        return new HealthWait(readiness, Duration.ofMillis(300));
    }

    /** Somebody approves a step as it would be now. */
    void approve(Approvals approvals, Approvable step, ShiftConfig shift) {
        Sightings sightings = new Sightings(
                router, new ColourSessions(server.database(), "blog"), backfillJob(Path.of("none")), statements());
        Approve approve = new Approve(journal, router, approvals, sightings, Duration.ZERO, (release, why) -> {});
        Approve.Question question = new Approve.Question(step, shift, Optional.empty());
        String hash = approve.run(NONE, question, Optional.empty()).hash();
        approve.run(NONE, question, Optional.of(new Approve.Answer("eve", Optional.of(hash), "")));
    }

    private static MigrationsConfig folders(Path folder) {
        return new MigrationsConfig(
                folder.resolve("migration"),
                folder.resolve("backfill"),
                folder.resolve("finish"),
                folder.resolve("contract"),
                folder.resolve("restore"));
    }
}
