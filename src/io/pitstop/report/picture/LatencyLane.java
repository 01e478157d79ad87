package io.pitstop.report.picture;

import io.pitstop.report.story.Sample;
import io.pitstop.report.story.Story;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How long users waited, per colour, on a logarithmic scale: what hurts is ten times more, not ten milliseconds more. */
final class LatencyLane implements Lane {
    private final List<Sample> samples;
    private final int lowest;
    private final int highest;

    LatencyLane(Story story) {
        samples = story.samples().stream().filter(sample -> sample.p99Ms() > 0).toList();
        double least = samples.stream()
                .mapToDouble(Sample::p50Ms)
                .filter(ms -> ms > 0)
                .min()
                .orElse(1);
        double most = samples.stream().mapToDouble(Sample::p99Ms).max().orElse(10);
        lowest = (int) Math.floor(Math.log10(least) + 0.15); // a little below a power of ten is no reason for a decade
        highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10(most)));
    }

    @Override
    public String title() {
        return "How long users waited, ms";
    }

    @Override
    public int height() {
        return samples.isEmpty() ? 30 : 100;
    }

    @Override
    public void draw(Svg svg, Frame frame) {
        if (samples.isEmpty()) {
            frame.nothing(svg, "the router gave no latencies while steps ran");
            return;
        }
        for (int power = lowest; power <= highest; power++) {
            frame.rule(svg, (double) (power - lowest) / (highest - lowest), label(power));
        }
        for (String colour : List.of("blue", "green")) {
            List<Sample> own = samples.stream()
                    .filter(sample -> sample.colour().equals(colour))
                    .toList();
            draw(svg, frame, own, Sample::p50Ms, "3 3");
            draw(svg, frame, own, Sample::p99Ms, "");
        }
    }

    private void draw(Svg svg, Frame frame, List<Sample> own, ToDoubleFunction<Sample> value, String dashes) {
        StringBuilder path = new StringBuilder();
        Sample before = null;
        for (Sample sample : own) {
            String colour = frame.ink().line(sample.colour());
            double share = share(value.applyAsDouble(sample));
            path.append(follows(before, sample) ? " L" : " M").append(frame.place(sample.middle(), share));
            double x = frame.x(sample.middle());
            if (dashes.isEmpty() && sample.colour().equals("blue")) {
                svg.box(x - 2, frame.y(share) - 2, 4, 4, colour);
            } else if (dashes.isEmpty()) {
                svg.dot(x, frame.y(share), 2.3, colour);
            }
            before = sample;
        }
        if (before != null) {
            svg.line(path.toString().strip(), frame.ink().line(before.colour()), 1.5, dashes);
        }
    }

    /** Between two steps nobody looked; a line there would tell what nobody knows. */
    private static boolean follows(Sample before, Sample sample) {
        return before != null
                && Duration.between(before.until(), sample.from()).abs().compareTo(Duration.ofSeconds(2)) < 0;
    }

    private double share(double ms) {
        return ms <= 0 ? 0 : (Math.log10(ms) - lowest) / (highest - lowest);
    }

    private static String label(int power) {
        return power >= 3 ? (int) Math.pow(10, power - 3) + " s" : Svg.number(Math.pow(10, power));
    }

    @Override
    public String inWords() {
        return samples.isEmpty()
                ? "How long users waited is not known."
                : Stream.of("blue", "green").map(this::inWords).collect(Collectors.joining(" "));
    }

    private String inWords(String colour) {
        double worst = samples.stream()
                .filter(sample -> sample.colour().equals(colour))
                .mapToDouble(Sample::p99Ms)
                .max()
                .orElse(0);
        return worst == 0
                ? "No figures of " + colour + "."
                : String.format(Locale.ROOT, "The highest p99 of %s was %.1f ms.", colour, worst);
    }
}
