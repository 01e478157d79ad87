package io.pitstop.prove;

import io.pitstop.database.LockWatch;
import io.pitstop.demo.witness.Testimony;
import io.pitstop.prove.check.Shape;
import io.pitstop.prove.check.UsersCheck;
import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.fault.Scene;
import io.pitstop.prove.place.Node;
import io.pitstop.prove.place.Outcome;
import io.pitstop.prove.place.Place;
import io.pitstop.prove.place.RunningCommand;
import io.pitstop.release.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One release under load from its first step to its last, as its pipeline would run it, with or without a fault. */
final class ReleaseRun {
    /** A run that was told that an outside system failed is to be run again; whatever struck is over by then. */
    private static final int MOST_AGAIN = 4;

    private static final int OUTSIDE = 5;
    private static final int KILLED = 137;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** What a user asked while the fault lasted may be answered, or fail, a little later. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private final Place place;
    private final RunLog log;
    private final List<String> findings = new ArrayList<>();
    private Node node;
    private Optional<Node> killedOn = Optional.empty();
    private boolean struck;
    private int exit;
    private int again;

    ReleaseRun(Place place, RunLog log) {
        this.place = place;
        this.log = log;
        this.node = place.node();
    }

    /** A release that cannot go on. */
    private static final class Stuck extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Lets nothing go wrong, and lists the points. */
    Points record() {
        Points points = new Points();
        try {
            for (Step step : Step.values()) {
                approve(step);
                points.begin(step);
                place.meet(points::record); // what people did before the step is no action of it
                must(step.arguments());
                place.clear();
                note(step);
            }
        } catch (Stuck e) {
            log.add("The release is stuck without a fault.");
        }
        return points;
    }

    /** @param undisturbed what the schema has to come to */
    RunResult run(Trial trial, Optional<Shape> undisturbed) {
        long begun = System.nanoTime();
        try {
            for (Step step : Step.release(trial.step())) {
                approve(step);
                if (step == trial.step()) {
                    strike(trial);
                } else {
                    must(step.arguments());
                }
                note(step);
            }
        } catch (Stuck e) {
            log.add("The release is stuck.");
        }
        Testimony testimony = place.witness().stop();
        findings.addAll(Verdict.of(place, testimony, log, killedOn, undisturbed));
        return result(trial, testimony, (System.nanoTime() - begun) / 1e9);
    }

    List<String> findings() {
        return findings;
    }

    /** What a step says must be so. */
    private void note(Step step) {
        switch (step) {
            case BACKFILL -> place.witness().backfilled();
            case SWITCH, SWITCH_AGAIN -> findings.addAll(UsersCheck.allOn(Colour.GREEN, place.stage()));
            case ROLLBACK -> findings.addAll(UsersCheck.allOn(Colour.BLUE, place.stage()));
            case EXPAND, DEPLOY, SMOKE_TEST, CONTRACT -> log.add("(next step)");
        }
    }

    /** As a person would who has read what the step is going to do. */
    private void approve(Step step) throws Stuck {
        if (step == Step.CONTRACT) {
            String hash =
                    must("approve", "--step", "contract").result().path("hash").asText();
            must("approve", "--step", "contract", "--by", "prove", "--hash", hash);
        }
    }

    private void strike(Trial trial) throws Stuck {
        Fault fault = trial.fault();
        String[] arguments = trial.step().arguments();
        try (Scene scene = new Scene(place, node, new Random(trial.seed()), arguments)) {
            fault.prepare(scene);
            Striker striker = new Striker(trial, scene, place.witness());
            place.meet(striker);
            RunningCommand command = node.start(arguments);
            scene.fires(command);
            Outcome outcome = command.outcome();
            place.clear();
            fault.end(scene);
            log.add(outcome, arguments);
            struck = striker.hasStruck();
            exit = outcome.exitCode();
            killedOn = exit == KILLED ? Optional.of(node) : Optional.empty();
            judge(fault, outcome);
            findings.addAll(scene.findings());
            settle(fault);
        }
        node = trial.otherNode() ? place.node() : node;
        for (String command : fault.mended(exit)) {
            if (struck) {
                must(command);
            }
        }
        repeat(arguments);
    }

    private void judge(Fault fault, Outcome outcome) {
        boolean fits = struck ? fault.exits().contains(exit) : exit == 0;
        // What is prepared beforehand strikes at no action.
        if (!fits && !fault.exits().contains(exit)) {
            findings.add("exit code " + exit + " is none of " + fault.exits() + ": " + outcome.lastLine());
        }
    }

    private void settle(Fault fault) {
        if (fault.hurtsUsers() && struck) {
            LockSupport.parkNanos(GRACE_NANOS);
            place.witness().phase("after");
        }
    }

    private void repeat(String... arguments) throws Stuck {
        while (true) {
            Outcome outcome = node.run(arguments);
            log.add(outcome, arguments);
            again++;
            if (outcome.exitCode() == 0) {
                return;
            }
            if (outcome.exitCode() != OUTSIDE || again >= MOST_AGAIN) {
                findings.add(
                        "run again, " + arguments[0] + " ended with " + outcome.exitCode() + ": " + outcome.lastLine());
                throw new Stuck();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Outcome must(String... arguments) throws Stuck {
        Outcome outcome = node.run(arguments);
        log.add(outcome, arguments);
        if (outcome.exitCode() != 0) {
            findings.add(arguments[0] + " ended with " + outcome.exitCode() + ": " + outcome.lastLine());
            throw new Stuck();
        }
        return outcome;
    }

    private RunResult result(Trial trial, Testimony testimony, double seconds) {
        long excused = Verdict.excused(testimony);
        return new RunResult(
                trial,
                struck,
                exit,
                again,
                testimony.requests(),
                testimony.writes(),
                testimony.failed() - excused,
                excused,
                testimony.lost(),
                testimony.altered(),
                place.longestWait().map(LockWatch.Wait::millis).orElse(0L),
                seconds,
                List.copyOf(findings));
    }
}
