package io.pitstop.explore;

import io.pitstop.config.Approvable;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.step.Visit;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What can happen next. */
enum Move {
    EXPAND("migrate-expand", agent -> {
        agent.expand();
        return false;
    }),
    DEPLOY("deploy-green", agent -> {
        agent.deploy();
        return false;
    }),
    BACKFILL("backfill", agent -> {
        agent.backfill();
        return false;
    }),
    SMOKE("smoke-test", agent -> {
        agent.smokeTest();
        return false;
    }),
    APPROVE("approve switch-traffic", agent -> {
        agent.approve(Approvable.SWITCH_TRAFFIC, "");
        return false;
    }),
    SWITCH("switch-traffic", agent -> agent.switchTraffic(Visit.untilDone(), true)),
    CONTRACT("contract", agent -> {
        agent.contract();
        return false;
    }),
    ROLLBACK("rollback", agent -> {
        agent.rollback(false);
        return false;
    }),
    ABANDON("rollback --abandon", agent -> {
        agent.rollback(true);
        return false;
    }),
    RESTORE("restore", agent -> {
        agent.restore();
        return false;
    }),
    VISIT(
            "switch-traffic --watch 0s",
            agent -> agent.switchTraffic(new Visit(Optional.of(Duration.ZERO), false), true)),
    RESUME(
            "switch-traffic --watch 0s --resume",
            agent -> agent.switchTraffic(new Visit(Optional.of(Duration.ZERO), true), true)),
    FAIL("switch-traffic, a gate fails", agent -> agent.switchTraffic(Visit.untilDone(), false)),
    DECLINE("approve contract, a no", agent -> {
        agent.approve(Approvable.CONTRACT, "not today");
        return false;
    }),
    ACCEPT("approve contract", agent -> {
        agent.approve(Approvable.CONTRACT, "");
        return false;
    }),
    TIME("25 hours pass", null),
    MEDDLE_UP("somebody moves all users to the candidate", null),
    MEDDLE_DOWN("somebody moves all users off the candidate", null),
    FALL_ILL("the candidate falls ill", null),
    HEAL("all are well again", null);

    private final String words;
    private final Function<Agent, Boolean> step;

    Move(String words, Function<Agent, Boolean> step) {
        this.words = words;
        this.step = step;
    }

    /** True if it is a command of ours. */
    boolean isStep() {
        return step != null;
    }

    /** The command without its options. */
    String command() {
        return words.split("[ ,]")[0];
    }

    /** What the world does only where it makes a difference, and only what is nobody's folly. */
    boolean isPossible(Snapshot at) {
        Colour candidate = at.candidate();
        Split split = at.outside().split();
        return switch (this) {
            case TIME -> at.isOpen() && !at.isDue() && (at.is(Fact.SWITCHED) || at.hasBeen("bake left"));
            case MEDDLE_UP -> at.isOpen()
                    && at.is(Fact.BACKFILLED)
                    && at.outside().serves(candidate)
                    && !split.isAllTo(candidate);
            case MEDDLE_DOWN -> at.isOpen()
                    && !at.is(Fact.CONTRACT_BEGUN)
                    && at.outside().serves(candidate.other())
                    && !split.isAllTo(candidate.other());
            case FALL_ILL -> at.isOpen() && at.outside().serves(candidate);
            case HEAL -> !at.outside().sick().isEmpty();
                // Each release that was given up can be followed by another for ever.
            case EXPAND -> at.rows("pitstop.releases").count() < 2 || at.isOpen() || at.is(Fact.CONTRACTED);
            default -> true;
        };
    }

    Outcome run(Stage stage, Agent agent) {
        return Outcome.of(() -> {
            if (isStep()) {
                return step.apply(agent);
            }
            happen(stage);
            return false;
        });
    }

    private void happen(Stage stage) {
        Outside outside = stage.outside();
        Colour candidate = stage.snapshot().candidate();
        switch (this) {
            case TIME -> stage.pass(Duration.ofHours(25));
            case MEDDLE_UP -> stage.now(outside.with(Split.allTo(candidate)));
            case MEDDLE_DOWN -> stage.now(outside.with(Split.allTo(candidate.other())));
            case FALL_ILL -> stage.now(outside.sick(candidate));
            case HEAL -> stage.now(outside.healed());
            default -> throw new IllegalStateException(this + " is a step");
        }
    }

    @Override
    public String toString() {
        return words;
    }
}
