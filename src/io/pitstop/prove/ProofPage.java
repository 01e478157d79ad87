package io.pitstop.prove;

import io.pitstop.error.InvalidConfig;
import io.pitstop.prove.fault.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page in which the figures stand between two marks, so that no hand writes them. */
final class ProofPage {
    private static final String BEGIN = "<!-- figures of pitstop prove -->";
    private static final String END = "<!-- end of figures -->";

    private ProofPage() {}

    /** @throws InvalidConfig if the page has no marks */
    static void write(Path page, Proof proof) {
        try {
            String text = Files.readString(page);
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new InvalidConfig(
                        page + " has no marks.", "Put " + BEGIN + " and " + END + " where the figures belong.");
            }
            Files.writeString(
                    page,
                    text.substring(0, begin + BEGIN.length()) + "\n" + String.join("\n", figures(proof)) + "\n"
                            + text.substring(end));
        } catch (IOException e) {
            throw new InvalidConfig(page + " cannot be read and written.", "Name a page that is there.", e);
        }
    }

    private static List<String> figures(Proof proof) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("On " + LocalDate.now(ZoneOffset.UTC) + ", seeds "
                + proof.results().get(0).trial().seed() + " to "
                + proof.results().get(proof.results().size() - 1).trial().seed() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors: " + proof.summary()
                + " The release has " + proof.points() + " different actions.");
        lines.add("");
        lines.add("| family | releases | came through | fault struck | requests | writes | failed | failed by the fault"
                + " itself | lost | altered | longest wait for us |");
        lines.add("| --- |" + " ---: |".repeat(10));
        for (Family family : Family.values()) {
            List<RunResult> of = proof.of(family);
            if (!of.isEmpty()) {
                lines.add(row(family.toString(), of));
            }
        }
        lines.add(row("all", proof.results()));
        lines.add("");
        lines.add("| fault | releases | came through | exit codes of the step that it struck |");
        lines.add("| --- | ---: | ---: | --- |");
        kinds(proof)
                .forEach((title, of) -> lines.add("| %s | %d | %d | %s |"
                        .formatted(
                                title,
                                of.size(),
                                of.stream().filter(RunResult::isGood).count(),
                                exits(of))));
        lines.add("");
        return lines;
    }

    private static Map<String, List<RunResult>> kinds(Proof proof) {
        return proof.results().stream()
                .collect(Collectors.groupingBy(
                        result -> result.trial().fault().title(), TreeMap::new, Collectors.toList()));
    }

    private static String exits(List<RunResult> of) {
        return of.stream()
                .map(RunResult::exit)
                .distinct()
                .sorted(Comparator.naturalOrder())
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    private static String row(String name, List<RunResult> of) {
        long longest = of.stream().mapToLong(RunResult::longestWaitMs).max().orElse(0);
        return "| " + name + " | "
                + Stream.concat(Stream.of(Proof.cells(of)), Stream.of(longest + " ms"))
                        .map(String::valueOf)
                        .collect(Collectors.joining(" | "))
                + " |";
    }
}
