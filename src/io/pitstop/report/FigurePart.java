package io.pitstop.report;

import io.pitstop.report.story.Filled;
import io.pitstop.report.story.Locked;
import io.pitstop.report.story.Sample;
import io.pitstop.report.story.Share;
import io.pitstop.report.story.Stint;
import io.pitstop.report.story.Story;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The figures behind the picture, all of them. */
final class FigurePart {
    private final Story story;

    FigurePart(Story story) {
        this.story = story;
    }

    void write(Html page) {
        page.table(
                "Runs of steps",
                List.of("step", "from, UTC", "took", "ended"),
                story.stints().stream().map(FigurePart::row).toList());
        page.table(
                "Orders to the router",
                List.of("time, UTC", "order", "users of the new version"),
                story.shares().stream().map(FigurePart::row).toList());
        page.table(
                "Migrations and their locks",
                List.of("time, UTC", "phase", "script", "took", "tries", "longest lock"),
                story.locked().stream().map(FigurePart::row).toList());
        if (!story.filled().isEmpty()) {
            page.details("How far the backfill was (" + story.filled().size() + " rows)", this::filled);
        }
        if (story.samples().isEmpty()) {
            page.element(
                    "p",
                    "How users fared is not known: the router measured nothing while steps ran, or had no requests.");
        } else {
            page.details("How users fared (" + story.samples().size() + " rows)", this::samples);
        }
    }

    private void filled(Html page) {
        page.table(
                "Backfill",
                List.of("time, UTC", "file", "done", "particulars"),
                story.filled().stream().map(FigurePart::row).toList());
    }

    private void samples(Html page) {
        page.table(
                "How users fared, by the router",
                List.of("until, UTC", "during", "colour", "requests", "failed", "p50", "p99"),
                story.samples().stream().map(FigurePart::row).toList());
    }

    private static List<String> row(Stint stint) {
        return List.of(
                stint.step(),
                Times.time(stint.from()),
                Times.took(Duration.between(stint.from(), stint.until())),
                stint.ending().words());
    }

    private static List<String> row(Share share) {
        return List.of(Times.time(share.at()), share.event(), share.percent() + " %");
    }

    private static List<String> row(Locked locked) {
        return List.of(
                Times.time(locked.at()),
                locked.phase(),
                locked.script(),
                number(locked.tookMs(), " ms"),
                number(locked.tries(), ""),
                number(locked.longestTryMs(), " ms"));
    }

    private static List<String> row(Filled filled) {
        return List.of(Times.time(filled.at()), filled.file(), filled.percent() + " %", filled.words());
    }

    private static List<String> row(Sample sample) {
        return List.of(
                Times.time(sample.until()),
                sample.step(),
                sample.colour(),
                String.format(Locale.ROOT, "%,d", sample.requests()),
                String.format(Locale.ROOT, "%,d", sample.failed()),
                ms(sample.p50Ms()),
                ms(sample.p99Ms()));
    }

    private static String ms(double ms) {
        return ms == 0 ? "not measured" : String.format(Locale.ROOT, "%.1f ms", ms);
    }

    private static String number(OptionalLong number, String unit) {
        return number.isPresent() ? String.format(Locale.ROOT, "%,d", number.getAsLong()) + unit : "not noted";
    }
}
