package io.pitstop.report.picture;

import io.pitstop.report.story.Stint;
import io.pitstop.report.story.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * From time to place. Hours in which nothing happens, such as those between the switch and contract, are folded: else
 * all that did happen would be a few points beside a void.
 */
final class Axis {
    private static final int FOLD_WIDTH = 30;
    private static final Duration SHORTEST_FOLD = Duration.ofMinutes(10);
    /** A void is folded if it is longer than this part of all that is not. */
    private static final double LONG = 0.3;

    private final int left;
    private final int right;
    private final List<Piece> pieces;

    private Axis(int left, int right, List<Piece> pieces) {
        this.left = left;
        this.right = right;
        this.pieces = pieces;
    }

    /** A time that is drawn to one scale, or folded. */
    record Piece(Instant from, Instant until, boolean folded, double begin, double end) {
        Duration time() {
            return Duration.between(from, until);
        }
    }

    private record Span(Instant from, Instant until) {
        Duration time() {
            return Duration.between(from, until);
        }
    }

    static Axis of(Story story, int left, int right) {
        List<Span> folds = folds(voids(story), Duration.between(story.begin(), story.end()));
        Duration drawn = Duration.between(story.begin(), story.end());
        for (Span fold : folds) {
            drawn = drawn.minus(fold.time());
        }
        double room = Math.max(1, right - left - FOLD_WIDTH * folds.size());
        double scale = room / Math.max(1, drawn.toMillis());
        List<Piece> pieces = new ArrayList<>();
        Instant at = story.begin();
        double x = left;
        for (Span fold : folds) {
            double until = x + Duration.between(at, fold.from()).toMillis() * scale;
            pieces.add(new Piece(at, fold.from(), false, x, until));
            pieces.add(new Piece(fold.from(), fold.until(), true, until, until + FOLD_WIDTH));
            x = until + FOLD_WIDTH;
            at = fold.until();
        }
        pieces.add(new Piece(at, story.end(), false, x, right));
        return new Axis(left, right, List.copyOf(pieces));
    }

    /** Where nothing is known to have happened, and no step ran. */
    private static List<Span> voids(Story story) {
        Stream<Span> moments = Stream.of(
                        Stream.of(story.end()),
                        story.account().status().events().stream().map(event -> event.at()),
                        story.locked().stream().map(locked -> locked.at()))
                .flatMap(times -> times)
                .map(at -> new Span(at, at));
        Stream<Span> spans = Stream.concat(
                story.stints().stream().map((Stint stint) -> new Span(stint.from(), stint.until())),
                story.samples().stream().map(sample -> new Span(sample.from(), sample.until())));
        List<Span> busy = Stream.concat(moments, spans)
                .sorted(Comparator.comparing(Span::from))
                .toList();
        List<Span> voids = new ArrayList<>();
        Instant heard = story.begin();
        for (Span next : busy) {
            if (next.from().isAfter(heard)) {
                voids.add(new Span(heard, next.from()));
            }
            heard = next.until().isAfter(heard) ? next.until() : heard;
        }
        return voids;
    }

    /** The longest first: each makes the rest shorter, and with it the next one comparably longer. */
    private static List<Span> folds(List<Span> voids, Duration all) {
        List<Span> folds = new ArrayList<>();
        Duration rest = all;
        for (Span one : voids.stream()
                .sorted(Comparator.comparing(Span::time).reversed())
                .toList()) {
            Duration without = rest.minus(one.time());
            if (one.time().compareTo(SHORTEST_FOLD) < 0 || one.time().toMillis() < without.toMillis() * LONG) {
                break;
            }
            // A little of it stays on both sides, so that what came before is not cut off by the fold.
            Duration margin = Duration.ofMillis(
                    Math.min(without.toMillis() / 50, one.time().toMillis() / 4));
            folds.add(new Span(one.from().plus(margin), one.until().minus(margin)));
            rest = without;
        }
        folds.sort(Comparator.comparing(Span::from));
        return folds;
    }

    int left() {
        return left;
    }

    int right() {
        return right;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** Never outside of the picture. */
    double x(Instant at) {
        for (Piece piece : pieces) {
            if (!at.isAfter(piece.until())) {
                double share = (double) Duration.between(piece.from(), at).toMillis()
                        / Math.max(1, piece.time().toMillis());
                return piece.begin() + Math.max(0, Math.min(1, share)) * (piece.end() - piece.begin());
            }
        }
        return right;
    }
}
