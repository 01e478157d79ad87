package io.pitstop.report.picture;

import io.pitstop.report.story.Sample;
import io.pitstop.report.story.Story;
import java.util.List;
import java.util.Locale;

/** Which part of the requests failed, of both colours. */
final class ErrorLane implements Lane {
    private static final double[] SCALES = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100};

    private final List<Sample> samples;
    private final double most;

    ErrorLane(Story story) {
        samples = story.samples();
        double worst = samples.stream().mapToDouble(Sample::errors).max().orElse(0);
        double scale = 100;
        for (int i = SCALES.length - 1; i >= 0 && SCALES[i] >= worst; i--) {
            scale = SCALES[i];
        }
        most = scale;
    }

    @Override
    public String title() {
        return "Failed requests, %";
    }

    @Override
    public int height() {
        return failed() == 0 ? 30 : 60;
    }

    @Override
    public void draw(Svg svg, Frame frame) {
        if (samples.isEmpty()) {
            frame.nothing(svg, "the router gave no figures while steps ran");
            return;
        }
        if (failed() == 0) {
            frame.rule(svg, 0, "0");
            frame.nothing(svg, total());
            return;
        }
        frame.rule(svg, 0, "0");
        frame.rule(svg, 1, Svg.number(most));
        for (Sample sample : samples) {
            if (sample.failed() > 0) {
                double x = frame.x(sample.from());
                double width = Math.max(2, frame.x(sample.until()) - x);
                double y = frame.y(Math.max(0.04, sample.errors() / most));
                svg.box(x, y, width, frame.bottom() - y, frame.ink().bad());
            }
        }
    }

    private long failed() {
        return samples.stream().mapToLong(Sample::failed).sum();
    }

    private String total() {
        return String.format(
                Locale.ROOT,
                "%,d of %,d requests failed",
                failed(),
                samples.stream().mapToLong(Sample::requests).sum());
    }

    @Override
    public String inWords() {
        return samples.isEmpty() ? "How many requests failed is not known." : total() + " while steps ran.";
    }
}
