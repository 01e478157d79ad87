package io.pitstop.prove;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.prove.fault.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToLongFunction;

/** The results of many releases, and their sum. */
public final class Proof {
    private final int points;
    private final NavigableMap<Long, RunResult> bySeed = new ConcurrentSkipListMap<>();

    /** @param points how many different actions the release has */
    Proof(int points) {
        this.points = points;
    }

    void add(RunResult result) {
        bySeed.put(result.trial().seed(), result);
    }

    /** Whether nothing was found in any of them. */
    public boolean isGood() {
        return results().stream().allMatch(RunResult::isGood);
    }

    /** In one sentence, with the seeds that failed. */
    public String summary() {
        List<Long> bad = results().stream()
                .filter(result -> !result.isGood())
                .map(result -> result.trial().seed())
                .toList();
        return "%d of %d releases came through%s"
                .formatted(bySeed.size() - bad.size(), bySeed.size(), bad.isEmpty() ? "." : ", not seeds " + bad + ".");
    }

    /** A table for people, one line for each family of faults. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row(
                "family", "releases", "good", "struck", "requests", "writes", "failed", "by fault", "lost", "altered"));
        for (Family family : Family.values()) {
            List<RunResult> of = of(family);
            if (!of.isEmpty()) {
                lines.add(row(family.toString(), cells(of)));
            }
        }
        lines.add(row("all", cells(results())));
        return lines;
    }

    /** The figures of it all, and each release. */
    public ObjectNode json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("good", isGood())
                .put("releases", bySeed.size())
                .put("points", points)
                .put("requests", sum(results(), RunResult::requests))
                .put("writes", sum(results(), RunResult::writes))
                .put("failed", sum(results(), RunResult::failed))
                .put("failedByFault", sum(results(), RunResult::excused))
                .put("lost", sum(results(), RunResult::lost))
                .put("altered", sum(results(), RunResult::altered));
        ArrayNode runs = root.putArray("runs");
        results().forEach(result -> runs.add(result.json()));
        return root;
    }

    /**
     * Puts the figures into a page, between its marks.
     *
     * @throws io.pitstop.error.InvalidConfig if the page has no marks
     */
    public void writeTo(Path page) {
        ProofPage.write(page, this);
    }

    int points() {
        return points;
    }

    /** In the order of their seeds. */
    List<RunResult> results() {
        return List.copyOf(bySeed.values());
    }

    static Object[] cells(List<RunResult> of) {
        return new Object[] {
            of.size(),
            of.stream().filter(RunResult::isGood).count(),
            of.stream().filter(RunResult::struck).count(),
            sum(of, RunResult::requests),
            sum(of, RunResult::writes),
            sum(of, RunResult::failed),
            sum(of, RunResult::excused),
            sum(of, RunResult::lost),
            sum(of, RunResult::altered)
        };
    }

    List<RunResult> of(Family family) {
        return results().stream()
                .filter(result -> result.trial().fault().family() == family)
                .toList();
    }

    private static long sum(List<RunResult> of, ToLongFunction<RunResult> figure) {
        return of.stream().mapToLong(figure).sum();
    }

    private static String row(String name, Object... cells) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-10s", name));
        for (Object cell : cells) {
            row.append(String.format(Locale.ROOT, "%10s", cell));
        }
        return row.toString();
    }
}
