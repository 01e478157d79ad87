package io.pitstop.jenkins;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This repository, as Jenkins checks it out and copies from it for every build. */
class LibraryFilesTest {
    private static final long SMALL = 100_000;
    private static final long ALL_SMALL = 1_000_000;

    static Stream<Path> groovySources() throws IOException {
        return Stream.concat(files("src"), files("vars"))
                .filter(file -> file.toString().endsWith(".groovy"))
                .sorted();
    }

    /** Jenkins rejects a whole library for one symbolic link in it; a submodule it would leave empty. */
    @Test
    void git_holds_only_regular_files_and_no_jar() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of(".git")), "Not a git checkout: its tree cannot be looked at.");
        Process git = new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "--stage", "-z")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String tree = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(git.exitValue()).isZero();

        assertThat(tree.split("\0"))
                .isNotEmpty()
                .allMatch(entry -> entry.startsWith("100644 ") || entry.startsWith("100755 "))
                .noneMatch(entry -> entry.matches(".*\\.(jar|war|class|so|zip)"));
    }

    @Test
    void what_jenkins_copies_has_no_link_and_no_special_file_on_disk() throws IOException {
        for (String folder : List.of("vars", "src", "resources")) {
            try (Stream<Path> entries = Files.walk(Path.of(folder))) {
                assertThat(entries)
                        .allMatch(entry ->
                                Files.isRegularFile(entry, NOFOLLOW_LINKS) || Files.isDirectory(entry, NOFOLLOW_LINKS));
            }
        }
    }

    @Test
    void what_is_copied_for_every_build_is_small_text() throws IOException {
        List<Path> resources = files("resources").toList();

        assertThat(resources).allMatch(file -> file.toFile().length() <= SMALL);
        assertThat(resources.stream().mapToLong(file -> file.toFile().length()).sum())
                .isLessThanOrEqualTo(ALL_SMALL);
        // Reading as UTF-8 fails for what is not text.
        assertThat(resources)
                .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("\0"));
    }

    @Test
    void vars_holds_a_script_and_a_page_for_each_step_and_nothing_else() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("vars"))) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(StepReference.all()
                            .flatMap(step -> Stream.of(step + ".groovy", step + ".txt"))
                            .toList());
        }
    }

    @Test
    void library_and_agent_are_of_one_version() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(pom)
                .contains("<artifactId>pitstop</artifactId>\n  <version>" + LibraryClass.constant("Agent", "VERSION")
                        + "</version>");
    }

    @Test
    void no_test_lies_where_jenkins_would_delete_it() {
        assertThat(Path.of("src/test")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("groovySources")
    void groovy_compiles_without_cps_too(Path source) throws IOException {
        try (GroovyClassLoader classes = ControllerClasses.withoutCps()) {
            assertThat(classes.parseClass(source.toFile())).isNotNull();
        }
    }

    /** With the agent's Java out of sight, suspendable, and asking the sandbox at every call. */
    @ParameterizedTest
    @MethodSource("groovySources")
    void groovy_compiles_as_on_a_controller(Path source) {
        GroovyClassLoader controller = new ControllerClasses("return", true).loader();

        assertThat(controller.parseClass(read(source), source.getFileName().toString()))
                .isNotNull();
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }
}
