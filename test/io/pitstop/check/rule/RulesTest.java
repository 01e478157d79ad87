package io.pitstop.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.Repository;
import io.pitstop.check.finding.Finding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every rule says of itself. */
class RulesTest {
    @TempDir
    private Path folder;

    static List<Rule> rules() {
        return Rules.all();
    }

    @Test
    void every_rule_has_a_name_of_its_own() {
        assertThat(Rules.described())
                .extracting(Rule::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_finds_its_own_example(Rule rule) throws Exception {
        assertThat(ids(rule.unsafe())).contains(rule.id());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_has_nothing_to_say_of_what_it_recommends(Rule rule) throws Exception {
        assertThat(ids(rule.instead())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_says_why_in_whole_sentences(Rule rule) {
        assertThat(rule.why()).matches("(?s)[A-Z].*\\.");
        assertThat(rule.unless()).matches("(?s)|\\S.*\\.");
    }

    private List<String> ids(String text) throws Exception {
        return new Repository(folder, text)
                .judge().all().stream().map(Finding::rule).toList();
    }
}
