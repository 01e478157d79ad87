package io.pitstop.prove.fault;

import io.pitstop.prove.place.NodeClock;
import io.pitstop.prove.place.Outcome;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/** People do what they should not, or what they may at the worst moment. */
enum PeopleFault implements Fault {
    STEP_TWICE("the same step twice at once"),
    SECOND_RELEASE("a second release"),
    ROLLBACK_MEANWHILE("a rollback meanwhile"),
    NEWER_JOURNAL("an older agent joins"),
    CONFIG_CHANGED("configuration changed"),
    CLOCK_BETWEEN_RUNS("clock set back between two runs"),
    CLOCK_DURING_RUN("clock set back while a step runs");

    private static final int REFUSED = 3;
    private static final Duration BACK = Duration.ofHours(1);

    private final String words;

    PeopleFault(String words) {
        this.words = words;
    }

    @Override
    public Family family() {
        return Family.PEOPLE;
    }

    @Override
    public String title() {
        return words;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        return switch (this) {
            case STEP_TWICE, CONFIG_CHANGED, CLOCK_BETWEEN_RUNS, CLOCK_DURING_RUN -> true;
            case SECOND_RELEASE, NEWER_JOURNAL -> !command.equals("migrate-expand");
            case ROLLBACK_MEANWHILE -> Set.of("deploy-green", "backfill", "smoke-test", "switch-traffic")
                    .contains(command);
        };
    }

    @Override
    public boolean isPossible() {
        return !hasClock() || NodeClock.library().isPresent();
    }

    private boolean hasClock() {
        return this == CLOCK_BETWEEN_RUNS || this == CLOCK_DURING_RUN;
    }

    @Override
    public void prepare(Scene scene) {
        if (hasClock()) {
            clock(scene); // what is started without it never sees it
        }
        if (this == NEWER_JOURNAL) {
            journal(
                    scene,
                    "INSERT INTO pitstop.schema_history (installed_rank, version, description, type, script,"
                            + " installed_by, execution_time, success) VALUES (999, '999', 'of a newer agent', 'SQL',"
                            + " 'V999__newer.sql', 'prove', 1, true)");
        }
    }

    @Override
    public Passage strike(Scene scene) {
        switch (this) {
            case STEP_TWICE -> scene.beside(() -> other(scene, Set.of(0, REFUSED), scene.arguments()));
            case SECOND_RELEASE -> scene.beside(
                    () -> other(scene, Set.of(REFUSED), "migrate-expand", "--version", "3"));
            case ROLLBACK_MEANWHILE -> scene.beside(() -> other(scene, Set.of(0), "rollback"));
            case NEWER_JOURNAL -> Scene.pause(0);
            case CONFIG_CHANGED, CLOCK_BETWEEN_RUNS -> scene.command().kill();
            case CLOCK_DURING_RUN -> clock(scene).setBack(BACK);
        }
        return this == CONFIG_CHANGED || this == CLOCK_BETWEEN_RUNS ? Passage.CUT : Passage.GO;
    }

    @Override
    public void end(Scene scene) {
        scene.settle();
        if (this == NEWER_JOURNAL) {
            journal(scene, "DELETE FROM pitstop.schema_history WHERE version = '999'");
        }
        if (this == CONFIG_CHANGED) {
            scene.node().edit("lockTimeout: 200ms", "lockTimeout: 150ms");
            scene.node().edit("steps: [50, 100]", "steps: [30, 100]");
        }
        if (this == CLOCK_BETWEEN_RUNS) {
            clock(scene).setBack(BACK);
        }
    }

    @Override
    public Set<Integer> exits() {
        return switch (this) {
            case STEP_TWICE -> Set.of(0, REFUSED);
            case SECOND_RELEASE, CLOCK_DURING_RUN -> Set.of(0);
            case ROLLBACK_MEANWHILE -> Set.of(0, REFUSED);
            case NEWER_JOURNAL -> Set.of(2);
            case CONFIG_CHANGED, CLOCK_BETWEEN_RUNS -> Set.of(137);
        };
    }

    private static NodeClock clock(Scene scene) {
        return scene.place().clock(NodeClock.library().orElseThrow());
    }

    /** Somebody else's command on another node. */
    private static void other(Scene scene, Set<Integer> exits, String... arguments) {
        Outcome outcome = scene.place().node().run(arguments);
        if (!exits.contains(outcome.exitCode())) {
            scene.find("the other's " + arguments[0] + " ended with " + outcome.exitCode() + ": "
                    + String.join(" / ", outcome.lines()));
        }
    }

    private static void journal(Scene scene, String sql) {
        try (Connection session = scene.place().session();
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            scene.find("the journal could not be changed: " + e.getMessage());
        }
    }
}
