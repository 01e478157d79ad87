package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.PitstopConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's examples, run as they stand there. */
class ReadmeTest {
    @TempDir
    private Path folder;

    @Test
    void the_smallest_configuration_is_one() throws IOException {
        Path file =
                Files.writeString(folder.resolve("pitstop.yml"), example("yaml").stripIndent());

        assertThat(PitstopConfig.load(file, Map.of()).application()).isEqualTo("blog");
    }

    @Test
    void the_first_pipeline_runs_the_steps_of_a_release() throws Throwable {
        FakeNode node = new FakeNode(folder);
        node.serve(new CpsWorld(example("groovy")))
                .variable("params", new HashMap<>(Map.of("VERSION", "2.4.0")))
                .restarting()
                .run();

        assertThat(node.calls())
                .extracting(call -> call.get(0))
                .containsExactly("migrate-expand", "deploy-green", "backfill", "smoke-test", "switch-traffic");
        assertThat(node.databaseUsers()).hasSize(5).containsOnly("blog");
    }

    @Test
    void it_fits_on_three_screens() throws IOException {
        assertThat(Path.of("README.md")).content().satisfies(text -> assertThat(text.lines())
                .hasSizeLessThanOrEqualTo(150));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "ARCHITECTURE.md",
                "docs/jenkins.md",
                "docs/agent.md",
                "docs/ci/gitlab.md",
                "docs/ci/github-actions.md",
                "docs/ci/circleci.md"
            })
    void every_link_to_a_file_leads_to_one(String page) throws IOException {
        Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(Path.of(page)));

        assertThat(link.results().map(found -> Path.of(page).resolveSibling(found.group(1))))
                .allMatch(Files::exists);
    }

    private static String example(String language) throws IOException {
        Matcher block = Pattern.compile("^ *```" + language + "\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
