package io.pitstop.migration;

import static java.util.stream.Collectors.joining;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the migrations of one run share: limits, a session beside theirs, and what was applied so far. */
final class Run {
    private final Phase phase;
    private final Lease lease;
    private final DatabaseConfig limits;
    private final Connection side;
    private final SpareSession watch;
    private final ScriptGuard guard;
    private final Consumer<String> out;
    private final List<Applied> applied = new ArrayList<>();
    private final Meters meters;
    private double longestTry;
    private Applied last;

    Run(Migrations migrations, Lease lease, Connection side, SpareSession watch, ScriptGuard guard) {
        this.phase = migrations.phase();
        this.lease = lease;
        this.limits = migrations.limits();
        this.side = side;
        this.watch = watch;
        this.guard = guard;
        this.out = migrations.out();
        this.meters = migrations.meters();
    }

    Phase phase() {
        return phase;
    }

    Lease lease() {
        return lease;
    }

    DatabaseConfig limits() {
        return limits;
    }

    /** A session with autocommit, for questions about the one that migrates. */
    Connection side() {
        return side;
    }

    /** Another one, for who watches a script while it runs. */
    SpareSession watch() {
        return watch;
    }

    ScriptGuard guard() {
        return guard;
    }

    void say(Path file, String what) {
        out.accept(phase + ": " + file.getFileName() + " " + what);
    }

    /** A migration begins, so the one before it is committed. */
    void began() {
        if (last != null) {
            applied.add(last);
            String tries = last.tries() == 1 ? "" : " after " + last.tries() + " tries";
            say(last.file(), "applied in " + last.took().toMillis() + " ms" + tries);
            measure(last);
            lease.note(
                    "script applied",
                    Map.of(
                            "phase", phase.toString(),
                            "script", last.script(),
                            "tookMs", last.took().toMillis(),
                            "tries", last.tries(),
                            "longestTryMs", last.longestTry().toMillis()));
            last = null;
        }
    }

    private void measure(Applied script) {
        longestTry = Math.max(longestTry, script.longestTry().toNanos() / 1e9);
        meters.time(Meter.SCRIPT, script.took());
        meters.count(Meter.LOCK_TRIES, script.tries());
        meters.count(Meter.RETRIES, Math.max(0, script.tries() - 1), "lock");
        meters.set(Meter.LOCK_TRY_LONGEST, longestTry);
    }

    /** A migration ended well; it counts once Flyway has committed it. */
    void ended(Applied migration) {
        last = migration;
    }

    /** What this run applied, all of it committed. */
    List<Applied> finish() {
        began();
        return List.copyOf(applied);
    }

    /** Notes why no more are applied; what failed stays the failure, whether that can be noted or not. */
    void failed(PitstopException failure) {
        try {
            lease.note("migration failed", Map.of("phase", phase.toString(), "problem", failure.getMessage()));
        } catch (DependencyFailed unreachable) {
            return;
        }
    }

    /** What to say of the migrations before the one that failed. */
    String before() {
        if (applied.isEmpty()) {
            return "No other migration was applied by this run.";
        }
        return "Applied before it, and staying: "
                + applied.stream()
                        .map(done -> done.file().getFileName().toString())
                        .collect(joining(", ")) + ".";
    }
}
