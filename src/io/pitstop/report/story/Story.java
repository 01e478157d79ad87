package io.pitstop.report.story;

import io.pitstop.release.Event;
import io.pitstop.release.LeaseHolder;
import io.pitstop.step.Chronicle;
import io.pitstop.step.Setback;
import io.pitstop.step.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What happened in a release, in the order of time.
 *
 * @param begin when it was opened
 * @param end when it ended; the time of the page if it is under way
 */
public record Story(
        Chronicle.Account account,
        Instant begin,
        Instant end,
        List<Stint> stints,
        List<Share> shares,
        List<Sample> samples,
        List<Filled> filled,
        List<Locked> locked,
        List<Mark> marks) {
    private static final Map<String, String> MARKED = Map.ofEntries(
            Map.entry("approved", "approved"),
            Map.entry("approval declined", "declined"),
            Map.entry("switched", "all users on the new version"),
            Map.entry("gate failed", "a gate failed"),
            Map.entry("smoke test failed", "the smoke test failed"),
            Map.entry("migration failed", "a migration failed"),
            Map.entry("backfill failed", "the backfill failed"),
            Map.entry("failed", "failed"),
            Map.entry("rolled back", "users back on the old version"),
            Map.entry("contracted", "the old schema is gone"),
            Map.entry("restored", "the old schema is back"));

    public static Story of(Chronicle.Account account) {
        Status.Report report = account.status();
        List<Event> events = report.events();
        Instant last = events.isEmpty()
                ? report.openedAt()
                : events.get(events.size() - 1).at();
        // A restore, or an entry of an ended release, comes after its end.
        Instant end = Stream.of(report.finishedAt().orElse(account.now()), last)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Set<String> running = report.running().stream().map(LeaseHolder::step).collect(Collectors.toSet());
        return new Story(
                account,
                report.openedAt(),
                end.isAfter(report.openedAt()) ? end : report.openedAt().plusMillis(1),
                Stints.of(events, running, end),
                shares(events),
                samples(events),
                filled(events),
                locked(account, events),
                marks(events));
    }

    /** The command that an event belongs to. */
    public static String step(Event event) {
        return Stints.step(event);
    }

    /** True if the event tells of something that went wrong. */
    public static boolean isFailure(Event event) {
        return Stints.isFailure(event);
    }

    /** The last run of a step. */
    public Optional<Stint> last(String step) {
        return stints.stream().filter(stint -> stint.step().equals(step)).reduce((first, second) -> second);
    }

    /** What the last run of a step came to no good end by; empty if it did not, or nobody noted why. */
    public Optional<Setback> setback(String step) {
        return last(step).flatMap(stint -> account.status().events().stream()
                .filter(event -> event.at().equals(stint.until()))
                .flatMap(event -> Setback.read(event).stream())
                .filter(setback -> setback.step().equals(step))
                .findFirst());
    }

    /** The same of the step that was the last to run. */
    public Optional<Setback> setback() {
        return stints.stream().max(Comparator.comparing(Stint::until)).flatMap(stint -> setback(stint.step()));
    }

    private static List<Share> shares(List<Event> events) {
        List<Share> shares = new ArrayList<>();
        for (Event event : events) {
            switch (event.event()) {
                case "shift ordered" -> shares.add(new Share(
                        event.at(), (int) number(event.particulars(), "percent").orElse(0), event.event()));
                case "split put back", "rolled back" -> shares.add(new Share(event.at(), 0, event.event()));
                default -> {}
            }
        }
        return List.copyOf(shares);
    }

    private static List<Sample> samples(List<Event> events) {
        List<Sample> samples = new ArrayList<>();
        for (Event event : events) {
            if (event.particulars().get("samples") instanceof List<?> noted) {
                noted.stream()
                        .filter(Map.class::isInstance)
                        .flatMap(one -> sample(step(event), (Map<?, ?>) one).stream())
                        .forEach(samples::add);
            }
        }
        return List.copyOf(samples);
    }

    private static Optional<Sample> sample(String step, Map<?, ?> noted) {
        if (!(noted.get("from") instanceof String from) || !(noted.get("until") instanceof String until)) {
            return Optional.empty();
        }
        return Optional.of(new Sample(
                step,
                String.valueOf(noted.get("colour")),
                Instant.parse(from),
                Instant.parse(until),
                number(noted, "requests").orElse(0),
                number(noted, "failed").orElse(0),
                noted.get("p50") instanceof Number p50 ? p50.doubleValue() : 0,
                noted.get("p99") instanceof Number p99 ? p99.doubleValue() : 0));
    }

    private static List<Filled> filled(List<Event> events) {
        List<Filled> filled = new ArrayList<>();
        for (Event event : events) {
            Map<String, Object> noted = event.particulars();
            String file = String.valueOf(noted.get("file"));
            switch (event.event()) {
                case "backfill begun" -> filled.add(new Filled(
                        event.at(),
                        file,
                        0,
                        number(noted, "remaining").isPresent() ? rows(noted, "remaining") + " rows remain" : ""));
                case "backfill progress" -> filled.add(new Filled(
                        event.at(), file, (int) number(noted, "percent").orElse(0), words(noted)));
                case "backfill verified" -> filled.add(
                        new Filled(event.at(), file, 100, rows(noted, "rows") + " rows written, 0 remain"));
                default -> {}
            }
        }
        return List.copyOf(filled);
    }

    private static String words(Map<String, Object> noted) {
        String brakes = String.valueOf(noted.getOrDefault("brakes", ""));
        return rows(noted, "walked") + " of about " + rows(noted, "estimate") + " rows walked, workers: "
                + noted.get("workers") + (brakes.isEmpty() ? "" : "; " + brakes);
    }

    private static String rows(Map<String, Object> noted, String key) {
        return String.format(Locale.ROOT, "%,d", number(noted, key).orElse(0));
    }

    /** Flyway's history knows what is applied, the event log what it took to get the locks. */
    private static List<Locked> locked(Chronicle.Account account, List<Event> events) {
        List<Locked> locked = new ArrayList<>();
        for (Event event : events) {
            if (event.event().equals("script applied")) {
                Map<String, Object> noted = event.particulars();
                locked.add(new Locked(
                        event.at(),
                        String.valueOf(noted.get("phase")),
                        String.valueOf(noted.get("script")),
                        number(noted, "tookMs"),
                        number(noted, "tries"),
                        number(noted, "longestTryMs")));
            }
        }
        for (Chronicle.Script script : account.scripts()) {
            if (locked.stream()
                    .noneMatch(one ->
                            one.script().equals(script.name()) && one.phase().equals(script.phase()))) {
                OptionalLong took = OptionalLong.of(script.took().toMillis());
                locked.add(new Locked(
                        script.at(), script.phase(), script.name(), took, OptionalLong.empty(), OptionalLong.empty()));
            }
        }
        locked.sort(Comparator.comparing(Locked::at));
        return List.copyOf(locked);
    }

    private static List<Mark> marks(List<Event> events) {
        List<Mark> marks = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (Event event : events) {
            boolean end = Setback.read(event).isPresent();
            if (!end && isFailure(event)) {
                told.add(step(event));
            }
            // What a step has noted of its failure at the time of it need not be marked again at its end.
            boolean known = end && told.remove(step(event));
            String words = MARKED.get(event.event());
            if (words != null && !known) {
                Object of = event.particulars().get("of");
                String who = event.event().startsWith("appro") ? " by " + event.person() : "";
                marks.add(new Mark(marks.size() + 1, event.at(), (of == null ? "" : of + " ") + words + who));
            }
        }
        return List.copyOf(marks);
    }

    private static OptionalLong number(Map<?, ?> noted, String key) {
        return noted.get(key) instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }
}
