package io.pitstop.cli;

import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Event;
import io.pitstop.step.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Shows a release while it runs: a terminal in place, anybody else a line for each change. */
final class StatusWatch {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Supplier<Optional<Status.Report>> source;
    private final Consumer<String> lines;
    private final boolean terminal;
    private final Pause pause;
    private int told;
    private List<String> shown = List.of();

    /** Sleeps for a moment; an interrupt ends the watch. */
    interface Pause {
        void once() throws InterruptedException;
    }

    /**
     * @param source asked again and again; may throw DependencyFailed, which is shown, and asked again
     * @param terminal true if what was printed can be printed over
     */
    StatusWatch(Supplier<Optional<Status.Report>> source, Consumer<String> lines, boolean terminal, Pause pause) {
        this.source = source;
        this.lines = lines;
        this.terminal = terminal;
        this.pause = pause;
    }

    static Pause everySecond() {
        return () -> TimeUnit.SECONDS.sleep(1);
    }

    /** Until the release ends, the time is over, or somebody interrupts. Returns what was seen last. */
    Optional<Status.Report> run(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        Optional<Status.Report> last = Optional.empty();
        while (true) {
            try {
                last = source.get();
                last.ifPresentOrElse(this::show, () -> say(List.of("No release yet.")));
            } catch (DependencyFailed unanswered) {
                say(List.of(unanswered.getMessage()));
            }
            if (last.filter(report -> report.finishedAt().isPresent()).isPresent() || System.nanoTime() > deadline) {
                return last;
            }
            try {
                pause.once();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return last;
            }
        }
    }

    private void show(Status.Report report) {
        if (terminal) {
            say(StatusCommand.lines(report));
            return;
        }
        List<Event> events = report.events();
        events.subList(Math.min(told, events.size()), events.size())
                .forEach(event -> lines.accept(StatusCommand.line(event)));
        told = events.size();
        List<String> now = new ArrayList<>(report.traffic());
        report.finishedAt().ifPresent(at -> now.add("ended " + at));
        say(now);
    }

    private void say(List<String> now) {
        if (terminal) {
            lines.accept(CLEAR + String.join("\n", now));
        } else {
            now.stream().filter(line -> !shown.contains(line)).forEach(lines);
        }
        shown = List.copyOf(now);
    }
}
