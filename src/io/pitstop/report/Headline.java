package io.pitstop.report;

import io.pitstop.report.story.Stint;
import io.pitstop.report.story.Stint.Ending;
import io.pitstop.report.story.Story;
import io.pitstop.step.Status;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of a release, in a sentence that comes first.
 *
 * @param kind {@code good}, {@code bad} or {@code open}; the words tell it too
 */
record Headline(String kind, String words) {
    static Headline of(Story story) {
        Status.Report report = story.account().status();
        Map<String, ?> facts = report.facts();
        String candidate = report.candidate().toString();
        String incumbent = report.candidate().other().toString();
        if (facts.containsKey("restored")) {
            return new Headline("open", "↩ Restored: what contract had dropped is back.");
        }
        if (facts.containsKey("contracted")) {
            return new Headline("good", "✓ Complete: " + report.version() + " is live on " + candidate + ".");
        }
        if (report.finishedAt().isPresent()) {
            return new Headline("bad", "↩ Abandoned: users are on " + incumbent + ".");
        }
        Optional<Headline> trouble = trouble(story);
        if (trouble.isPresent()) {
            return trouble.get();
        }
        if (facts.containsKey("rolled back")) {
            return new Headline("bad", "↩ Rolled back: users are on " + incumbent + ".");
        }
        if (facts.containsKey("switched")) {
            return new Headline("good", "✓ Switched: all users are on " + candidate + ". Contract is yet to come.");
        }
        return new Headline("open", "… Under way" + running(report) + ".");
    }

    /** The step that was the last to run, if it came to no good end. */
    private static Optional<Headline> trouble(Story story) {
        Optional<Stint> last = story.stints().stream().reduce((one, other) -> later(one, other));
        return last.filter(stint -> stint.ending() == Ending.FAILED || stint.ending() == Ending.CUT_SHORT)
                .map(stint -> new Headline(
                        "bad",
                        stint.ending() == Ending.FAILED
                                ? "✗ Failed at " + stint.step() + "."
                                : "? " + stint.step() + " ended without an outcome: run it again."));
    }

    private static Stint later(Stint one, Stint other) {
        return Stream.of(one, other)
                .max(java.util.Comparator.comparing(Stint::until))
                .orElseThrow();
    }

    private static String running(Status.Report report) {
        return report.running().isEmpty() ? "" : ": " + report.running().get(0).step() + " is running";
    }
}
