package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * test/jenkins/run.sh against {@link StandInController}: its own flow, not Jenkins'. What it proves of the jobs needs a
 * real controller.
 */
class RunScriptTest {
    private static final List<String> PLUGINS = List.of(
            "workflow-aggregator",
            "workflow-cps",
            "pipeline-groovy-lib",
            "pipeline-input-step",
            "pipeline-model-definition",
            "pipeline-rest-api",
            "credentials-binding",
            "cloudbees-folder",
            "git",
            "matrix-auth");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    /** The end of a run: its exit code, and all that it printed. */
    private record Ended(int exitCode, String output) {}

    @BeforeEach
    void a_war_that_is_the_stand_in() throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        for (String plugin : PLUGINS) {
            Files.writeString(plugins.resolve(plugin + ".hpi"), "");
        }
        Path stage = Files.createDirectories(folder.resolve("stage/db"));
        Files.writeString(stage.resolve("V1__x.sql"), "SELECT 1;");
        Files.writeString(stage.resolveSibling("pitstop.yml"), "application: blog\n");
        Files.writeString(stage.resolveSibling("env"), "PITSTOP_DB_USER='blog'\nPITSTOP_DB_PASSWORD='s3cret<&'\n");
        environment.put("JENKINS_WAR", war().toString());
        environment.put("JENKINS_PLUGINS", plugins.toString());
        environment.put("TEST_STAGE", stage.getParent().toString());
        environment.put("TEST_BAKE", "0");
        environment.put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
    }

    @Test
    void without_a_war_it_says_that_it_is_skipped() throws Exception {
        environment.clear();

        Ended run = run();

        assertThat(run.exitCode()).isZero();
        assertThat(run.output().lines()).hasSize(1).first().asString().startsWith("skipped: set JENKINS_WAR");
    }

    @Test
    void what_is_missing_is_named_with_what_to_do() throws Exception {
        assertUsage("JENKINS_WAR", "/nowhere.war", "JENKINS_WAR is '/nowhere.war', which is no file.");
        assertUsage("JENKINS_PLUGINS", "/nowhere", "JENKINS_PLUGINS is '/nowhere', which is no folder.");
        assertUsage("JENKINS_PLUGINS", "", "JENKINS_PLUGINS is not set.");

        Files.delete(folder.resolve("plugins/pipeline-rest-api.hpi"));
        assertUsage("X", "x", "There is no pipeline-rest-api.hpi or pipeline-rest-api.jpi in");
    }

    @Test
    void every_job_runs_sandboxed_and_trusted_over_restarts_and_nothing_is_left_behind() throws Exception {
        assumeTools();

        Ended run = run();

        assertThat(run.output()).contains("as expected").doesNotContain("FAILED");
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output().lines().filter(line -> line.startsWith("controller: up")))
                .hasSize(5);
        assertThat(run.output())
                .containsPattern("sandboxed +release +an approval by who may not +refused with HTTP 400");
        assertThat(run.output()).containsPattern("trusted +scripted +proceed of input Contract +as expected");
        assertThat(jobs()).allSatisfy(job -> assertThat(run.output())
                .containsPattern("sandboxed +" + job + " +ends with")
                .containsPattern("trusted +" + job + " +ends with"));
        assertThat(run.output()).doesNotContain("s3cret");
        assertNothingIsLeft();
    }

    @Test
    void a_job_that_ends_otherwise_is_told_in_the_table_and_by_the_exit_code() throws Exception {
        assumeTools();
        environment.put("STAND_IN_FAILS", "rollback");

        Ended run = run();

        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(run.output()).containsPattern("trusted +rollback +ends with SUCCESS +FAILED: FAILURE");
        assertThat(run.output().strip()).matches("(?s).*\\n2 of \\d+ failed");
        assertNothingIsLeft();
    }

    @Test
    void a_controller_that_does_not_start_is_told_with_its_log() throws Exception {
        assumeTools();
        environment.put("STAND_IN_FAILS", "start");

        Ended run = run();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("The controller ended while it started.", "Jenkins cannot start");
        assertNothingIsLeft();
    }

    @Test
    void shellcheck_has_nothing_to_say() throws Exception {
        assumeTool("shellcheck");
        Process shellcheck = new ProcessBuilder(
                        "shellcheck",
                        "-x",
                        "-P",
                        ".",
                        "test/jenkins/run.sh",
                        "test/jenkins/controller.sh",
                        "test/jenkins/jobs.sh")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(shellcheck.getInputStream().readAllBytes())).isEmpty();
        assertThat(shellcheck.waitFor()).isZero();
    }

    private static List<String> jobs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("resources/jenkins"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("Jenkinsfile"))
                    .map(name -> name.equals("Jenkinsfile") ? "release" : name.replace("Jenkinsfile.", ""))
                    .toList();
        }
    }

    private void assertUsage(String variable, String value, String message) throws Exception {
        Map<String, String> before = new HashMap<>(environment);
        environment.put(variable, value);
        Ended run = run();
        environment.clear();
        environment.putAll(before);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).startsWith("run.sh: " + message).contains("\nNext: ");
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            assertThat(files).isEmpty();
        }
        String war = environment.get("JENKINS_WAR");
        assertThat(ProcessHandle.allProcesses())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(war));
    }

    private Ended run() throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder script = new ProcessBuilder("test/jenkins/run.sh")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        List.of("JENKINS_WAR", "JENKINS_PLUGINS").forEach(script.environment()::remove);
        script.environment().putAll(environment);
        Process process = script.start();
        if (!process.waitFor(240, TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("run.sh did not end:\n" + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private Path war() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandInController.class.getName());
        String type = StandInController.class.getName().replace('.', '/') + ".class";
        Path war = folder.resolve("jenkins.war");
        try (OutputStream file = Files.newOutputStream(war);
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            jar.putNextEntry(new JarEntry(type));
            jar.write(StandInController.class
                    .getClassLoader()
                    .getResourceAsStream(type)
                    .readAllBytes());
            jar.closeEntry();
        }
        return war;
    }

    private static void assumeTools() {
        assumeTool("git");
        assumeTool("curl");
        Assumptions.assumeTrue(Files.exists(Path.of(".git")), "Not a git checkout: there is nothing to clone.");
    }

    private static void assumeTool(String tool) {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
        Assumptions.assumeTrue(there, tool + " is not installed");
    }
}
