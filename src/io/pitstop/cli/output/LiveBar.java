package io.pitstop.cli.output;

import static java.util.stream.Collectors.joining;

import io.pitstop.backfill.BackfillFigures;
import io.pitstop.backfill.brake.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How far a backfill is, as one line of a terminal that is drawn anew: in place of a line of the log every two seconds. */
public final class LiveBar implements BackfillFigures.Listener {
    private static final int CELLS = 10;

    /** Where there is no room for all, what holds it back takes no more than this part of it. */
    private static final int BRAKE_SHARE = 3;

    private static final String CUT = "~";
    private static final String GAP = "  ";

    private final Screen screen;
    private final BackfillFigures.Listener other;

    /** @param other gets the figures, too */
    public LiveBar(Screen screen, BackfillFigures.Listener other) {
        this.screen = screen;
        this.other = other;
    }

    @Override
    public void take(BackfillFigures figures) {
        other.take(figures);
        screen.draw(fitted(parts(figures), screen.room()));
    }

    @Override
    public void ended() {
        other.ended();
        screen.end();
    }

    @Override
    public boolean isSeen() {
        return true;
    }

    /** From the one that is missed least to the one that is missed most. */
    private enum Part {
        WORKERS,
        BAR,
        COUNT,
        RATE,
        ETA,
        NAME,
        BRAKE,
        PERCENT
    }

    /** What there is to tell only while somebody works. */
    private static final Set<Part> OF_WORK = Set.of(Part.WORKERS, Part.RATE, Part.ETA);

    private record Piece(Part part, String text) {}

    private List<Piece> parts(BackfillFigures now) {
        boolean done = now.workers() == 0 && now.left().equals(Optional.of(Duration.ZERO));
        return Stream.of(
                        new Piece(Part.NAME, now.file().replaceFirst("\\.sql$", "")),
                        new Piece(Part.BAR, bar(now.share())),
                        new Piece(Part.PERCENT, String.format(Locale.ROOT, "%2.0f %%", 100 * now.share())),
                        new Piece(Part.COUNT, String.format(Locale.ROOT, "%,d/%,d", now.walked(), now.total())),
                        new Piece(Part.RATE, String.format(Locale.ROOT, "%,d rows/s", Math.round(now.rowsPerSecond()))),
                        new Piece(Part.ETA, eta(now)),
                        new Piece(Part.WORKERS, now.workers() + (now.workers() == 1 ? " worker" : " workers")),
                        new Piece(Part.BRAKE, brake(now)))
                .filter(piece -> !piece.text().isEmpty() && !(done && OF_WORK.contains(piece.part())))
                .toList();
    }

    private String bar(double share) {
        boolean blocks = screen.canShow("█░");
        int full = (int) Math.floor(share * CELLS);
        return (blocks ? "█" : "#").repeat(full) + (blocks ? "░" : ".").repeat(CELLS - full);
    }

    private String eta(BackfillFigures now) {
        if (now.left().isEmpty()) {
            return "standing still";
        }
        Duration left = now.left().get();
        Duration error = Duration.ofMillis(Math.round(left.toMillis() * now.leftError()));
        String about = now.leftError() == 0 ? "" : (screen.canShow("±") ? " ±" : " +-") + clock(error);
        return "ETA " + clock(left) + about;
    }

    private static String clock(Duration time) {
        long seconds = Math.round(time.toMillis() / 1e3);
        return seconds < 3_600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }

    private static String brake(BackfillFigures now) {
        String reasons = now.brakes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .map(Reading::reason)
                .filter(reason -> !reason.isEmpty())
                .collect(joining("; "));
        return reasons.isEmpty() ? "" : (now.heldTo() == 0 ? "stopped: " : "brake: ") + reasons;
    }

    /** All of it if there is room, else in short, without what is missed least. */
    private static String fitted(List<Piece> pieces, int room) {
        if (joined(pieces).length() <= room) {
            return joined(pieces);
        }
        List<Piece> kept = new ArrayList<>(pieces);
        kept.replaceAll(piece ->
                piece.part() == Part.BRAKE ? new Piece(Part.BRAKE, cut(piece.text(), room / BRAKE_SHARE)) : piece);
        for (Part dispensable : Part.values()) {
            if (joined(kept).length() > room) {
                kept.removeIf(piece -> piece.part() == dispensable && kept.size() > 1);
            }
        }
        return cut(joined(kept), room);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, Math.max(0, most - CUT.length())) + CUT;
    }

    private static String joined(List<Piece> pieces) {
        return pieces.stream().map(Piece::text).collect(joining(GAP));
    }
}
