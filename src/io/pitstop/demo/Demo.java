package io.pitstop.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.database.Database;
import io.pitstop.database.LockWatch;
import io.pitstop.demo.witness.Witness;
import io.pitstop.demo.witness.WitnessPlan;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole release of the blog under load: to version 2, back, forth again, contracted, and what was dropped restored,
 * while the witness watches every request and every write.
 */
public final class Demo {
    /** A release that serves fewer requests than this proves too little. */
    private static final long REQUESTS_AT_LEAST = 20_500;

    /** How long the demo goes on for that. */
    private static final int EXTRA_SECONDS = 30;

    /** The first requests of a JVM are slow, and not because of a release. */
    private static final int WARM_UP_SECONDS = 6;

    private static final int REFUSED = 3;

    private final Stage stage;
    private final int perSecond;
    private final Narrator narrator;
    private final Agent agent;
    private final Map<String, Double> stepSeconds = new LinkedHashMap<>();

    Demo(Stage stage, int perSecond, Narrator narrator) {
        this.stage = stage;
        this.perSecond = perSecond;
        this.narrator = narrator;
        this.agent = new Agent(stage);
    }

    /** Runs the story to its end. */
    DemoReport run() {
        Database database = Database.from(stage.config().database(), "blog", stage.environment());
        WitnessPlan plan = new WitnessPlan(stage.router(), stage.seed(), 50, perSecond);
        try (LockWatch locks = LockWatch.start(database);
                Witness witness = Witness.start(plan, database)) {
            narrator.say("load on: %d requests/s through %s".formatted(perSecond, stage.router()));
            JsonNode backfill = release(witness);
            Moves moves = switchThereAndBack(witness);
            JsonNode contract = contract(witness);
            JsonNode restore = restore(witness);
            narrator.say("load off; comparing every write with what is stored, as both versions would read it");
            return new DemoReport(
                    witness.stop(), moves, stepSeconds, new Outcomes(backfill, contract, restore), locks.longest());
        }
    }

    private JsonNode release(Witness witness) {
        pause(WARM_UP_SECONDS);
        phase(witness, "1 alone", 4);
        check();
        step(witness, "expand", "migrate-expand", "--version", "2");
        step(witness, "deploy", "deploy-green");
        JsonNode backfill = step(witness, "backfill", "backfill");
        witness.backfilled();
        step(witness, "smoke test", "smoke-test");
        return backfill;
    }

    private Moves switchThereAndBack(Witness witness) {
        step(witness, "canary", "switch-traffic");
        phase(witness, "2 live", 8);
        step(witness, "rollback", "rollback");
        phase(witness, "1 again", 8);
        Instant now = Instant.now();
        Orders orders = Orders.read(agent);
        Moves moves = new Moves(
                witness.firstOn(Colour.GREEN, orders.firstShift()),
                witness.allOn(Colour.GREEN, orders.lastShift(), orders.rollback()),
                witness.firstOn(Colour.BLUE, orders.rollback()),
                witness.allOn(Colour.BLUE, orders.rollback(), now));
        step(witness, "canary again", "switch-traffic");
        return moves;
    }

    /** As a pull request would, with a look into the database of production. */
    private void check() {
        run("check", "--since", "1", "--with-database");
    }

    private JsonNode contract(Witness witness) {
        narrator.say("contract before anybody approved it, to see it refused");
        refused("contract");
        phase(witness, "2 bakes", 10);
        narrator.say("somebody approves contract");
        approve("contract");
        JsonNode contract = step(witness, "contract", "contract");
        phase(witness, "2 alone", 8);
        return contract;
    }

    /** What version 1 needs is back, and filled in what version 2 has written without it. */
    private JsonNode restore(Witness witness) {
        run("archive", "list");
        witness.restoring();
        JsonNode restore = step(witness, "restore", "restore");
        witness.restored();
        phase(witness, "2, kept for 1", 6);
        for (int extra = 0; extra < EXTRA_SECONDS && witness.requests() < REQUESTS_AT_LEAST; extra++) {
            pause(1);
        }
        return restore;
    }

    /** As a person would who read what the step is going to do. */
    private void approve(String step) {
        JsonNode asked = agent.run(narrator::quote, "approve", "--step", step).result();
        String hash = asked.path("hash").asText();
        Agent.Outcome approved = agent.run(narrator::quote, "approve", "--step", step, "--by", "demo", "--hash", hash);
        if (approved.exitCode() != 0) {
            throw new CheckFailed(step + " could not be approved.", "Read what was printed above.");
        }
    }

    private JsonNode step(Witness witness, String phase, String... arguments) {
        witness.phase(phase);
        return run(arguments);
    }

    private JsonNode run(String... arguments) {
        narrator.say("pitstop " + String.join(" ", arguments));
        long begun = System.nanoTime();
        Agent.Outcome outcome = agent.run(narrator::quote, arguments);
        stepSeconds.merge(
                arguments[0], Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1_000.0, Double::sum);
        if (outcome.exitCode() != 0) {
            throw new CheckFailed(
                    arguments[0] + " ended with exit code " + outcome.exitCode() + ".", "Read what it printed above.");
        }
        return outcome.result();
    }

    private void refused(String... arguments) {
        int exitCode = agent.run(narrator::quote, arguments).exitCode();
        if (exitCode != REFUSED) {
            throw new CheckFailed(
                    arguments[0] + " should have been refused, but ended with exit code " + exitCode + ".",
                    "Please report this.");
        }
    }

    private void phase(Witness witness, String name, int seconds) {
        witness.phase(name);
        narrator.say(name + ", for " + seconds + " s");
        pause(seconds);
    }

    private static void pause(int seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("the demo ran");
        }
    }
}
