package io.pitstop.check.rule;

import io.pitstop.check.finding.Severity;

/**
 * One thing that a script should not do.
 *
 * @param id under which it is documented and can be allowed: lower case words between hyphens
 * @param why what happens to the running application, one sentence or two
 * @param unsafe an example that it finds; comments name the files, else it is an expand script
 * @param instead what to write instead, which it does not find
 * @param unless when it has nothing to say, although one might expect it; empty if there is no such case
 * @param detector finds it in one statement
 * @param scriptDetector finds it in a script as a whole
 */
public record Rule(
        String id,
        Severity severity,
        String why,
        String unsafe,
        String instead,
        String unless,
        Detector detector,
        Detector scriptDetector) {
    private static final Detector NOTHING = (scene, hits) -> {};

    /** Looks at a scene and says where the rule is broken. */
    @FunctionalInterface
    interface Detector {
        void judge(Scene scene, Hits hits);
    }

    static Rule error(String id) {
        return new Rule(id, Severity.ERROR, "", "", "", "", NOTHING, NOTHING);
    }

    static Rule warning(String id) {
        return new Rule(id, Severity.WARNING, "", "", "", "", NOTHING, NOTHING);
    }

    Rule because(String reason) {
        return new Rule(id, severity, reason, unsafe, instead, unless, detector, scriptDetector);
    }

    Rule unsafe(String example) {
        return new Rule(id, severity, why, example, instead, unless, detector, scriptDetector);
    }

    Rule instead(String example) {
        return new Rule(id, severity, why, unsafe, example, unless, detector, scriptDetector);
    }

    Rule unless(String exception) {
        return new Rule(id, severity, why, unsafe, instead, exception, detector, scriptDetector);
    }

    Rule inStatement(Detector finds) {
        return new Rule(id, severity, why, unsafe, instead, unless, finds, scriptDetector);
    }

    Rule inScript(Detector finds) {
        return new Rule(id, severity, why, unsafe, instead, unless, detector, finds);
    }
}
