package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/**
 * agent/Dockerfile, by the rules that matter most. It is not built here: a test must not need a container engine, nor
 * hadolint, whose binary is in no registry that the build uses.
 */
class DockerfileTest {
    private static final Path DOCKERFILE = Path.of("agent/Dockerfile");

    private List<String> instructions;

    @BeforeEach
    void read() throws IOException {
        String text = Files.readString(DOCKERFILE).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
        instructions = text.lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @Test
    void every_image_it_builds_on_has_a_version() {
        assertThat(all("FROM"))
                .hasSize(3)
                .allMatch(image -> image.matches("[a-z/-]+:\\d+\\.\\d+\\.\\d+\\S*( AS \\w+)?"), "has a full version")
                .noneMatch(image -> image.contains("latest"));
    }

    @Test
    void the_build_tools_stay_behind() {
        assertThat(last()).noneMatch(line -> line.contains("mvn"));
        assertThat(last().stream().filter(line -> line.startsWith("COPY")))
                .allMatch(line -> line.startsWith("COPY --from="));
        assertThat(last().get(0)).contains("-jre-");
    }

    @Test
    void a_normal_user_runs_the_agent_by_a_number_that_needs_no_lookup() {
        assertThat(all("USER")).containsExactly("10001");
        assertThat(last().stream().dropWhile(line -> !line.startsWith("USER")))
                .as("nothing is installed after the user has been changed")
                .noneMatch(line -> line.startsWith("RUN"));
    }

    @Test
    void nothing_is_downloaded_past_the_package_managers_and_their_checksums() {
        assertThat(instructions).noneMatch(line -> line.startsWith("ADD "));
        assertThat(all("RUN")).noneMatch(line -> line.matches(".*(curl|wget) .*http.*"));
    }

    @Test
    void packages_leave_neither_lists_nor_recommendations() {
        assertThat(all("RUN"))
                .filteredOn(line -> line.contains("apt-get install"))
                .allSatisfy(line -> assertThat(line)
                        .contains("apt-get update &&", "--no-install-recommends")
                        .endsWith("&& rm -rf /var/lib/apt/lists/*"));
    }

    @Test
    void what_a_release_needs_is_there() {
        assertThat(all("RUN").toString()).contains("curl", "git", "postgresql-client");
        assertThat(last()).anyMatch(line -> line.endsWith("/usr/local/bin/terraform"));
        assertThat(all("RUN").toString()).contains("/usr/local/bin/pitstop");
    }

    @Test
    void no_secret_is_built_in() {
        assertThat(instructions).noneMatch(line -> line.matches("(?i)(ENV|ARG|LABEL) .*(pass|secret|token|key).*"));
        assertThat(all("COPY")).noneMatch(line -> line.startsWith(". "));
    }

    /** Else jenkins could not keep the container by {@code cat}. */
    @Test
    void the_command_of_jenkins_is_run_as_it_is() {
        assertThat(all("ENTRYPOINT")).containsExactly("[]");
    }

    @Test
    void what_it_copies_is_all_that_the_build_reads() throws Exception {
        assertThat(Stream.of("pom.xml", "pitstop", "agent/package.xml", "src", "resources"))
                .allMatch(path -> Files.exists(Path.of(path)))
                .allMatch(path -> all("COPY").stream().anyMatch(line -> line.contains(path)));
        Element archive = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("agent/package.xml").toFile())
                .getDocumentElement();
        assertThat(archive.getElementsByTagName("source").item(0).getTextContent())
                .isEqualTo("pitstop");
        assertThat(archive.getElementsByTagName("fileMode").item(0).getTextContent())
                .isEqualTo("0755");
    }

    private List<String> all(String instruction) {
        return instructions.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1))
                .toList();
    }

    /** The stage that becomes the image. */
    private List<String> last() {
        int from = instructions.lastIndexOf(instructions.stream()
                .filter(line -> line.startsWith("FROM "))
                .reduce((a, b) -> b)
                .orElseThrow());
        return instructions.subList(from, instructions.size());
    }
}
