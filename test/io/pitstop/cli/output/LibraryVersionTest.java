package io.pitstop.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.cli.AgentProcess;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A library in Jenkins and an agent on a node, updated by different people on different days. */
class LibraryVersionTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1.4.0, 1.4.0", "1.4.0, 1.4.7", "1.4.7, 1.4.0", "1.4, 1.4.1", "1.4.0-rc1, 1.4.0", "9.9.9, unpackaged"})
    void the_first_two_numbers_must_be_the_same(String library, String agent) {
        assertThatCode(() -> meet(library, agent)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"1.5.0, 1.4.9, 1.5", "1.10.0, 1.9.0, 1.10", "2.0.0, 1.9.0, 2.0"})
    void an_agent_that_is_older_is_to_be_updated(String library, String agent, String wanted) {
        assertThatThrownBy(() -> meet(library, agent)).isInstanceOfSatisfying(InvalidConfig.class, misfit -> {
            assertThat(misfit).hasMessageContaining("library is version " + library);
            assertThat(misfit).hasMessageContaining("agent on this node is version " + agent);
            assertThat(misfit.hint()).isEqualTo("Update the agent on the node to a version " + wanted + ".");
        });
    }

    @ParameterizedTest
    @CsvSource({"1.4.9, 1.5.0, 1.5", "1.9.0, 1.10.0, 1.10", "1.9.0, 2.0.0, 2.0"})
    void a_library_that_is_older_is_to_be_updated(String library, String agent, String wanted) {
        assertThatThrownBy(() -> meet(library, agent))
                .isInstanceOfSatisfying(InvalidConfig.class, misfit -> assertThat(misfit.hint())
                        .isEqualTo("Update the library in Jenkins to a version " + wanted + "."));
    }

    @Test
    void an_agent_that_was_started_by_hand_needs_no_library() {
        assertThatCode(() -> LibraryVersion.requireFit(Map.of(), "1.4.0")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "1", "1.x"})
    void what_is_no_version_is_named(String library) {
        assertThatThrownBy(() -> meet(library, "1.4.0"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("PITSTOP_LIBRARY is '" + library + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backfill --result result.json",
                "status --result result.json",
                "switch-traffic --of-a-later-version yes --result result.json"
            })
    void the_agent_refuses_before_it_reads_anything_else(String command) throws Exception {
        AgentProcess agent = new AgentProcess(folder, Map.of("PITSTOP_LIBRARY", "1.5.0")).with(packaged("1.4.0"));

        AgentProcess.Ended ended = agent.run(command.split(" "));

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(2);
        assertThat(ended.output()).contains("they do not fit", "Next: Update the agent on the node");
        JsonNode result =
                new ObjectMapper().readTree(folder.resolve("result.json").toFile());
        assertThat(result.path("agent").asText()).isEqualTo("1.4.0");
        assertThat(result.path("message").asText()).contains("they do not fit");
    }

    /** The classes of the command line in a jar that says which version it is, as the build makes it. */
    private Path packaged(String version) throws IOException {
        Path classes = Path.of("target/classes");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        Path jar = folder.resolve("pitstop.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes.resolve("io/pitstop/cli"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private static void meet(String library, String agent) {
        LibraryVersion.requireFit(Map.of("PITSTOP_LIBRARY", library), agent);
    }
}
