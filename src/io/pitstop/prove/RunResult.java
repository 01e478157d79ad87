package io.pitstop.prove;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What became of one release.
 *
 * @param struck false if the step ended without the action at which the fault was to strike
 * @param exit code of the command that was struck
 * @param again how often it was run again until it was done
 * @param failed requests beyond those that the fault itself cost
 * @param excused requests that the fault itself cost
 * @param longestWaitMs of a statement of the application for one of ours
 * @param findings everything that must not be
 */
record RunResult(
        Trial trial,
        boolean struck,
        int exit,
        int again,
        long requests,
        long writes,
        long failed,
        long excused,
        long lost,
        long altered,
        long longestWaitMs,
        double seconds,
        List<String> findings) {

    static final String BROKEN = "the proof itself failed: ";

    /** Of a release that could not be run to its end, or not be judged. */
    static RunResult broken(Trial trial, RuntimeException why) {
        return new RunResult(trial, false, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(BROKEN + why));
    }

    boolean isGood() {
        return findings.isEmpty();
    }

    /** One line for people. */
    String line() {
        return String.format(
                Locale.ROOT,
                "seed %-5d %-4s exit %3d, again %d, %5.1f s, %d requests, failed %d + %d by the fault, lost %d, altered %d  %s%s",
                trial.seed(),
                isGood() ? "ok" : "BAD",
                exit,
                again,
                seconds,
                requests,
                failed,
                excused,
                lost,
                altered,
                trial,
                struck ? "" : " (not reached)");
    }

    ObjectNode json() {
        ObjectNode node = new ObjectMapper()
                .createObjectNode()
                .put("seed", trial.seed())
                .put("family", trial.fault().family().toString())
                .put("fault", trial.fault().title())
                .put("step", trial.step().command())
                .put("action", trial.action())
                .put("occurrence", trial.occurrence())
                .put("side", trial.side().toString())
                .put("otherNode", trial.otherNode())
                .put("struck", struck)
                .put("exitCode", exit)
                .put("again", again)
                .put("requests", requests)
                .put("writes", writes)
                .put("failed", failed)
                .put("failedByFault", excused)
                .put("lost", lost)
                .put("altered", altered)
                .put("longestWaitMs", longestWaitMs)
                .put("seconds", seconds);
        findings.forEach(node.putArray("findings")::add);
        return node;
    }
}
