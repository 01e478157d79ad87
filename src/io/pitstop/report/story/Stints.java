package io.pitstop.report.story;

import io.pitstop.release.Event;
import io.pitstop.report.story.Stint.Ending;
import io.pitstop.step.Setback;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes runs of steps out of the lines of the event log. */
final class Stints {
    private static final Set<String> BEGIN = Set.of(
            "expanding",
            "deploying",
            "backfilling",
            "smoke testing",
            "switching",
            "rolling back",
            "contracting",
            "restoring");
    private static final Set<String> DONE = Set.of(
            "expanded", "deployed", "backfilled", "smoke tested", "switched", "rolled back", "contracted", "restored");
    private static final Set<String> FAILED =
            Set.of("gate failed", "split put back", "backfill failed", "smoke test failed", "migration failed");

    private final Map<String, Open> open = new LinkedHashMap<>();
    private final List<Stint> stints = new ArrayList<>();

    private final Instant now;

    private Stints(Instant now) {
        this.now = now;
    }

    private record Open(Instant from, Instant last, Optional<Ending> ending) {
        Open heard(Event event) {
            Optional<Ending> said = Stints.ending(event.event());
            // Users go back after the gate has failed: still the same failure.
            return new Open(from, event.at(), said.or(() -> ending));
        }
    }

    /**
     * @param running the steps that somebody works on now
     * @param now until when those have run
     */
    static List<Stint> of(List<Event> events, Set<String> running, Instant now) {
        Stints stints = new Stints(now);
        events.forEach(stints::add);
        List.copyOf(stints.open.keySet()).forEach(step -> stints.close(step, running.contains(step)));
        stints.stints.sort(java.util.Comparator.comparing(Stint::from));
        return List.copyOf(stints.stints);
    }

    /** The command that an event belongs to: a rollback works under the lease of the switch, helpers have a number. */
    static String step(Event event) {
        return Setback.read(event).map(Setback::step).orElseGet(() -> switch (event.event()) {
            case "rolling back", "rolled back" -> "rollback";
            default -> event.step().replaceFirst(" \\d+$", "");
        });
    }

    static boolean isFailure(Event event) {
        return FAILED.contains(event.event())
                || setback(event.event()).filter(Ending.FAILED::equals).isPresent();
    }

    private void add(Event event) {
        String step = step(event);
        if (BEGIN.contains(event.event())) {
            close(step, false);
            if (step.equals("rollback")) {
                close("switch-traffic", false); // it has stopped by now, whatever it noted last
            }
            open.put(step, new Open(event.at(), event.at(), Optional.empty()));
            return;
        }
        boolean setback = setback(event.event()).isPresent();
        if (setback) { // maybe of a run that had not come to its intent
            open.putIfAbsent(step, new Open(event.at(), event.at(), Optional.empty()));
        }
        Open known = open.get(step);
        if (known != null) {
            open.put(step, known.heard(event));
            if (setback || DONE.contains(event.event())) {
                close(step, false);
            }
        }
    }

    private static Optional<Ending> ending(String event) {
        if (DONE.contains(event)) {
            return Optional.of(Ending.DONE);
        }
        if (event.equals("bake left")) {
            return Optional.of(Ending.HELD);
        }
        return FAILED.contains(event) ? Optional.of(Ending.FAILED) : setback(event);
    }

    /** What the step itself notes when it ends that way. */
    private static Optional<Ending> setback(String event) {
        return Stream.of(Setback.Kind.values())
                .filter(kind -> kind.event().equals(event))
                .map(kind -> switch (kind) {
                    case FAILED -> Ending.FAILED;
                    case REFUSED -> Ending.REFUSED;
                    case INTERRUPTED -> Ending.CUT_SHORT;
                })
                .findFirst();
    }

    private void close(String step, boolean running) {
        Open ended = open.remove(step);
        if (ended != null) {
            Ending ending = running ? Ending.RUNNING : ended.ending().orElse(Ending.CUT_SHORT);
            stints.add(new Stint(step, ended.from(), running ? now : ended.last(), ending));
        }
    }
}
