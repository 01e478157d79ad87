package io.pitstop.check.rule;

import io.pitstop.check.finding.Severity;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The pages of docs/rules, written from the rules. */
final class RulePages {
    private static final String INDEX =
            """
            # What pitstop check finds

            Written from the rules by `mvn test -Dtest=RulePagesTest -Dpitstop.pages=write`; a test compares.

            `pitstop check` reads the scripts that `migrations` in pitstop.yml names, by PostgreSQL's own grammar. It needs no
            database: what is in it, it takes from the scripts that ran before. The last two families are found by
            [trying them](../check.md). `migrate-expand` judges what is pending of
            expand and finish, and the backfill; `contract` what is pending of contract. An error is refused, exit code 3.

            | in a pull request | judges |
            | --- | --- |
            | `pitstop check --since 57` | scripts with a version after 57, which production has; together they are one release |
            | `pitstop check db/migration/V58__slug.sql …` | these; all others count as applied |
            | `pitstop check` | all, each as if it were a release of its own: old scripts alarm too |

            `--server-version 16` says what they run on; without it they must suit PostgreSQL 13. Tables, columns and indexes
            that the release itself created are not in use yet and alarm nobody. What is meant is allowed above the statement:

            ```sql
            -- pitstop:allow drop-column because version 1 was never deployed
            ALTER TABLE posts DROP COLUMN slug;
            ```

            """;

    private RulePages() {}

    /** Text by file name. */
    static Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        StringBuilder index = new StringBuilder(INDEX);
        for (Rules.Family family : Stream.concat(Rules.families().stream(), Rules.observed().stream())
                .toList()) {
            index.append("## ").append(family.title()).append("\n\n| rule | | why |\n| --- | --- | --- |\n");
            for (Rule rule : family.rules()) {
                index.append("| [%s](%s.md) | %s | %s |\n"
                        .formatted(
                                rule.id(), rule.id(), severity(rule), rule.why().replace("|", "\\|")));
                pages.put(rule.id() + ".md", page(rule));
            }
            index.append('\n');
        }
        pages.put("README.md", index.toString().stripTrailing() + "\n");
        return pages;
    }

    private static String page(Rule rule) {
        String unless = rule.unless().isEmpty() ? "" : "\nNot reported if: " + rule.unless() + "\n";
        return """
                # %s

                %s: %s

                Found in:

                ```sql
                %s
                ```

                Write instead:

                ```sql
                %s
                ```
                %s
                To allow it, put this above the statement:

                ```sql
                -- pitstop:allow %s because <the reason>
                ```
                """
                .formatted(
                        rule.id(),
                        severity(rule),
                        rule.why(),
                        rule.unsafe().strip(),
                        rule.instead().strip(),
                        unless,
                        rule.id());
    }

    private static String severity(Rule rule) {
        return rule.severity() == Severity.ERROR ? "Error" : "Warning";
    }
}
