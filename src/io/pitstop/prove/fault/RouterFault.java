package io.pitstop.prove.fault;

import io.pitstop.prove.place.LocalProcess;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import io.pitstop.release.Colour;
import java.util.List;
import java.util.Set;

/** The router fails the agent, or a target fails the router. */
enum RouterFault implements Fault {
    REFUSES("router refuses"),
    SILENT("router hangs up"),
    LATE("router answers late"),
    ANSWER_LOST("router's answer lost"),
    RESTARTED("router crashes and restarts"),
    THROTTLES_ONCE("router throttles one request"),
    THROTTLES("router throttles for a while"),
    /** An order passes, and for a second whoever asks hears of the split before it. */
    STALE("router reports an old split"),
    TARGET_DIES("target dies during the bake"),
    /** Of both colours, until whoever keeps services up starts them again. */
    ALL_TARGETS_DIE("all targets die during the bake");

    private static final int LATE_MS = 2_500;
    private static final int THROTTLES_MS = 1_500;
    private static final int STALE_MS = 1_000;
    private static final int OUTCOME_UNKNOWN = 6;

    private final String words;

    RouterFault(String words) {
        this.words = words;
    }

    @Override
    public Family family() {
        return Family.ROUTER;
    }

    @Override
    public String title() {
        return words;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        boolean ofRouter = action.startsWith("router");
        boolean ordered = action.equals("router PUT /split") && side == Side.AFTER;
        return switch (this) {
            case REFUSES, SILENT, LATE, RESTARTED, THROTTLES_ONCE, THROTTLES -> ofRouter && side == Side.BEFORE;
            case ANSWER_LOST -> ofRouter && side == Side.AFTER;
            case STALE -> ordered;
            case TARGET_DIES, ALL_TARGETS_DIE -> ordered && command.equals("switch-traffic");
        };
    }

    @Override
    public Passage strike(Scene scene) {
        switch (this) {
            case REFUSES -> {
                return Passage.REFUSE;
            }
            case SILENT, ANSWER_LOST -> {
                return Passage.CUT;
            }
            case THROTTLES_ONCE, THROTTLES -> {
                return Passage.THROTTLE;
            }
            case LATE -> Scene.pause(LATE_MS);
            case STALE -> Scene.pause(0); // it begins with the next reading
            case RESTARTED -> {
                scene.beside(() -> Outage.restartProxy(scene));
                Scene.pause(scene.random().nextInt(200));
            }
            case TARGET_DIES -> LocalProcess.of(scene.place().stage(), "blog-" + Colour.GREEN)
                    .kill();
            case ALL_TARGETS_DIE -> Outage.ofAllTargets(scene);
        }
        return Passage.GO;
    }

    @Override
    public Passage linger(Scene scene, String action, Side side) {
        boolean asks = action.startsWith("router") && side == Side.BEFORE;
        if (this == THROTTLES && asks && scene.isWithin(THROTTLES_MS)) {
            return Passage.THROTTLE;
        }
        boolean reads = action.equals("router GET /split") && side == Side.BEFORE;
        return this == STALE && reads && scene.isWithin(STALE_MS) ? Passage.STALE : Passage.GO;
    }

    @Override
    public void end(Scene scene) {
        scene.settle();
    }

    @Override
    public Set<Integer> exits() {
        return switch (this) {
            case REFUSES, SILENT, LATE, ANSWER_LOST, THROTTLES_ONCE, THROTTLES -> Set.of(0, 5);
            case STALE -> Set.of(0);
            case RESTARTED -> Set.of(0, 4, 5, 6);
            case TARGET_DIES -> Set.of(4, 5);
                // Users cannot be put back on a colour that is down too: then nobody knows who serves them.
            case ALL_TARGETS_DIE -> Set.of(4, 5, OUTCOME_UNKNOWN);
        };
    }

    @Override
    public List<String> mended(int exitCode) {
        if (this == TARGET_DIES) {
            return List.of("deploy-green", "smoke-test");
        }
        return this == ALL_TARGETS_DIE && exitCode == OUTCOME_UNKNOWN ? List.of("rollback") : List.of();
    }

    @Override
    public boolean hurtsUsers() {
        return this == RESTARTED || this == TARGET_DIES || this == ALL_TARGETS_DIE;
    }
}
