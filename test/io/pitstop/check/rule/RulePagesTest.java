package io.pitstop.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/rules says what the rules say. */
class RulePagesTest {
    private static final Path FOLDER = Path.of("docs/rules");

    @Test
    void there_is_a_page_for_each_rule_and_it_is_the_one_that_would_be_written_now() throws IOException {
        if ("write".equals(System.getProperty("pitstop.pages"))) {
            write();
        }

        assertThat(there())
                .as("run: mvn test -Dtest=RulePagesTest -Dpitstop.pages=write")
                .isEqualTo(RulePages.all());
    }

    private static void write() throws IOException {
        Files.createDirectories(FOLDER);
        for (String old : there().keySet()) {
            Files.delete(FOLDER.resolve(old));
        }
        for (Map.Entry<String, String> page : RulePages.all().entrySet()) {
            Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
    }

    private static Map<String, String> there() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                pages.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return pages;
    }
}
