package io.pitstop.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.Repository;
import io.pitstop.check.finding.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each rule finds and what it lets pass, in cases/*.txt. A case begins with {@code === <rule> finds …} or
 * {@code === <rule> passes …}; the lines that the rule must name end with
 * {@code -- !}, which the rule does not see.
 */
class RuleCasesTest {
    private static final String HERE = "-- !";

    @TempDir
    private Path folder;

    record Case(String title, String text) {
        String rule() {
            return title.substring(0, title.indexOf(' '));
        }

        boolean finds() {
            return title.contains(" finds ");
        }

        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("test/io/pitstop/check/rule/cases"))) {
            for (Path file : files.sorted().toList()) {
                for (String part : Files.readString(file).split("(?m)^=== ")) {
                    if (!part.isBlank()) {
                        cases.add(new Case(
                                part.lines().findFirst().orElseThrow(), part.substring(part.indexOf('\n') + 1)));
                    }
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_rule_finds_what_hurts_and_nothing_else(Case each) throws Exception {
        List<String> found = new ArrayList<>();
        for (Finding finding : new Repository(folder, each.text.replace(" " + HERE, ""))
                .judge()
                .all()) {
            if (finding.rule().equals(each.rule())) {
                String line = Files.readAllLines(folder.resolve(finding.file())).get(finding.line() - 1);
                found.add(line.strip());
            }
        }

        assertThat(found).as(each.title).containsExactlyInAnyOrderElementsOf(marked(each));
    }

    @Test
    void every_rule_has_a_case_that_it_finds_and_one_that_it_lets_pass() throws IOException {
        for (boolean finds : new boolean[] {true, false}) {
            Set<String> tested = cases().stream()
                    .filter(each -> each.finds() == finds)
                    .map(Case::rule)
                    .collect(Collectors.toSet());
            assertThat(Rules.all().stream().map(Rule::id).filter(id -> !tested.contains(id)))
                    .as(finds ? "finds" : "passes")
                    .isEmpty();
        }
    }

    private static List<String> marked(Case each) {
        List<String> lines = each.text
                .lines()
                .map(String::strip)
                .filter(line -> line.endsWith(" " + HERE))
                .map(line -> line.substring(0, line.length() - HERE.length()).strip())
                .toList();
        assertThat(lines.isEmpty()).as(each.title + ": marked lines").isEqualTo(!each.finds());
        return lines;
    }
}
