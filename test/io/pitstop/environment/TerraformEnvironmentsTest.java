package io.pitstop.environment;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module terraform/local/environment with the real Terraform; nothing was applied yet. */
class TerraformEnvironmentsTest {
    @TempDir
    Path folder;

    private LocalColours colours;

    @BeforeEach
    void choose_ports() throws IOException {
        colours = new LocalColours(folder);
    }

    @AfterEach
    void leave_no_process() throws IOException {
        colours.close();
    }

    @Test
    void a_colour_runs_the_version_that_was_applied() throws Exception {
        Environment green = colours.apply(GREEN, "1");

        assertThat(green)
                .isEqualTo(new Environment(
                        GREEN, "1", URI.create("http://127.0.0.1:" + colours.variables.get("green_port"))));
        assertThat(LocalColours.get(green.url())).isEqualTo("blog green 1 hunter2");
        assertThat(colours.environments().find(GREEN)).contains(green);
        assertThat(colours.environments().find(BLUE)).isEmpty();
        assertThat(colours.state(GREEN)).content().doesNotContain("hunter2");
    }

    @Test
    void what_runs_does_not_get_our_access_to_the_database() throws Exception {
        colours.apply(GREEN, "1");

        Path environ = Path.of("/proc", Long.toString(colours.process().pid()), "environ");
        assertThat(environ).content().contains("SAMPLE_PASSWORD").doesNotContain("PITSTOP_DB_PASSWORD");
    }

    @Test
    void applying_the_same_version_again_changes_nothing() {
        Environment first = colours.apply(BLUE, "1");
        ProcessHandle process = colours.process();
        colours.progress.clear();

        assertThat(colours.apply(BLUE, "1")).isEqualTo(first);

        assertThat(colours.process()).isEqualTo(process);
        assertThat(colours.progress).noneMatch(line -> line.contains("Creating"));
    }

    @Test
    void another_version_takes_the_place_of_the_first() throws Exception {
        colours.apply(BLUE, "1");
        ProcessHandle first = colours.process();

        Environment second = colours.apply(BLUE, "2");

        assertThat(LocalColours.get(second.url())).startsWith("blog blue 2");
        assertThat(colours.process()).isNotEqualTo(first);
    }

    @Test
    void both_colours_can_be_worked_on_at_once_and_do_not_touch_each_other() throws Exception {
        CompletableFuture<Environment> blue = supplyAsync(() -> colours.apply(BLUE, "1"));
        Environment green = colours.apply(GREEN, "2");

        assertThat(LocalColours.get(blue.get(30, SECONDS).url())).startsWith("blog blue 1");
        colours.environments().destroy(GREEN);
        assertThat(colours.processes()).hasSize(1);
        assertThat(colours.environments().find(GREEN)).isEmpty();
        assertThat(colours.environments().find(BLUE)).isPresent();
        assertThat(green.version()).isEqualTo("2");
    }

    @Test
    void destroying_twice_is_destroying_once_and_nothing_is_left() {
        colours.apply(BLUE, "1");

        colours.environments().destroy(BLUE);
        colours.environments().destroy(BLUE);

        assertThat(colours.processes()).isEmpty();
        assertThat(colours.environments().find(BLUE)).isEmpty();
    }

    @Test
    void a_colour_that_is_scaled_down_runs_nothing_and_comes_back_by_applying() throws Exception {
        Environment blue = colours.apply(BLUE, "1");

        colours.environments().scaleDown(BLUE);

        assertThat(colours.processes()).isEmpty();
        assertThat(colours.environments().find(BLUE)).contains(blue);
        colours.progress.clear();
        colours.environments().scaleDown(BLUE);
        assertThat(colours.progress).noneMatch(line -> line.contains("plan: "));

        assertThat(colours.apply(BLUE, "1")).isEqualTo(blue);
        assertThat(LocalColours.get(blue.url())).startsWith("blog blue 1");
    }

    @Test
    void scaling_down_a_colour_that_was_never_made_does_nothing() {
        colours.environments().scaleDown(BLUE);

        assertThat(colours.progress).isEmpty();
        assertThat(colours.environments().find(BLUE)).isEmpty();
    }

    @Test
    void a_colour_that_is_scaled_down_can_be_destroyed() {
        colours.apply(BLUE, "1");
        colours.environments().scaleDown(BLUE);

        colours.environments().destroy(BLUE);

        assertThat(colours.environments().find(BLUE)).isEmpty();
    }

    @Test
    void what_a_removal_that_failed_has_left_is_there_and_is_removed_by_the_next() throws IOException {
        colours.module = copyOfTheModule("environment", text -> text);
        Files.writeString(
                colours.module.resolve("more.tf"),
                """
                resource "terraform_data" "stays" {
                  input = terraform_data.start.id
                  provisioner "local-exec" {
                    when    = destroy
                    command = "exit 7"
                  }
                }
                """);
        assertThat(colours.environments().isThere(BLUE)).isFalse();
        colours.apply(BLUE, "1");
        assertThat(colours.environments().isThere(BLUE)).isTrue();

        assertThatThrownBy(() -> colours.environments().destroy(BLUE)).isInstanceOf(DependencyFailed.class);

        assertThat(colours.processes()).hasSize(1);
        assertThat(colours.environments().find(BLUE)).isEmpty();
        assertThat(colours.environments().isThere(BLUE)).isTrue();
        assertThatThrownBy(() -> colours.environments().scaleDown(BLUE))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("holds resources but no outputs");

        Files.delete(colours.module.resolve("more.tf"));
        colours.environments().destroy(BLUE);

        assertThat(colours.processes()).isEmpty();
        assertThat(colours.environments().isThere(BLUE)).isFalse();
    }

    @Test
    void a_module_that_does_not_heed_running_is_named() throws IOException {
        colours.module = copyOfTheModule("environment", text -> text.replace("var.running", "true"));
        colours.apply(BLUE, "1");
        colours.healthyWithin = Duration.ofMillis(500);

        assertThatThrownBy(() -> colours.environments().scaleDown(BLUE))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("does not heed the variable running")
                .hasMessageContaining("blue still answers at");
        assertThat(colours.processes()).hasSize(1);
    }

    @Test
    void the_module_learns_who_is_live_and_which_release_it_is_for() throws IOException {
        colours.module = copyOfTheModule("environment", text -> text);
        Files.writeString(
                colours.module.resolve("more.tf"),
                """
                variable "initial_live" {
                  type = string
                }
                variable "release" {
                  type = string
                }
                resource "terraform_data" "told" {
                  input = "live ${var.initial_live} release ${var.release} running ${var.running}"
                }
                """);

        colours.apply(GREEN, "1");

        assertThat(colours.state(GREEN)).content().contains("live blue release blog-1-1 running true");
    }

    @Test
    void a_module_that_knows_better_who_is_live_is_named() throws IOException {
        colours.module = copyOfTheModule("environment", text -> text);
        Files.writeString(colours.module.resolve("more.tf"), "variable \"initial_live\" {\n  type = string\n}\n");
        Files.writeString(colours.module.resolve("terraform.tfvars"), "initial_live = \"green\"\n");

        assertThatThrownBy(() -> colours.apply(GREEN, "1"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("takes green for its variable initial_live, not the blue that it is given");
        assertThat(colours.processes()).isEmpty();
    }

    @Test
    void what_a_plan_changes_is_shown_before_it_is_done() {
        colours.apply(BLUE, "1");

        assertThat(colours.progress)
                .containsSubsequence(
                        "blue: plan: + create terraform_data.process[0]",
                        "blue: plan: + create terraform_data.start",
                        "blue: terraform_data.process[0]: Creating...");
        colours.progress.clear();

        colours.apply(BLUE, "2");

        assertThat(colours.progress)
                .contains("blue: plan: -/+ replace terraform_data.process[0]: triggers_replace.app_version");
    }

    @Test
    void a_plan_is_told_in_the_same_words_as_long_as_it_is_the_same_and_changes_nothing() {
        colours.apply(BLUE, "1");
        ProcessHandle process = colours.process();

        Map<String, String> planned = planned("2");

        assertThat(planned("2")).isEqualTo(planned);
        assertThat(planned).isNotEqualTo(planned("3"));
        assertThat(planned.get("-/+ replace terraform_data.process[0]"))
                .contains("triggers_replace.app_version 1 -> 2")
                .containsPattern(", sha256 [0-9a-f]{12}$");
        assertThat(colours.process()).isEqualTo(process);
    }

    private Map<String, String> planned(String version) {
        try (Planned planned = colours.environments().plan(new Deployment(BLUE, version, "", GREEN))) {
            return planned.changes();
        }
    }

    @Test
    void a_plan_that_touches_the_other_colour_is_refused_and_nothing_is_applied() throws IOException {
        colours.module = copyOfTheModule("environment", text -> text);
        Files.writeString(
                colours.module.resolve("more.tf"),
                """
                resource "terraform_data" "stray" {
                  input = { colour = "green" }
                }
                """);

        assertThatThrownBy(() -> colours.apply(BLUE, "1"))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("+ create terraform_data.stray (its input.colour is of green)");
        assertThat(colours.processes()).isEmpty();
        assertThat(colours.environments().find(BLUE)).isEmpty();
    }

    @Test
    void what_users_are_on_is_not_replaced() {
        colours.environments().apply(new Deployment(BLUE, "1", "", BLUE));
        ProcessHandle process = colours.process();

        assertThatThrownBy(() -> colours.environments().apply(new Deployment(BLUE, "2", "", BLUE)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("users are on blue");
        assertThat(colours.process()).isEqualTo(process);
    }

    @Test
    void a_start_that_crashes_tells_the_end_of_its_log_and_can_be_repeated() {
        String works = colours.variables.put("command", "echo cannot find the database; exit 3");

        assertThatThrownBy(() -> colours.apply(BLUE, "1"))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("ended before it listened")
                .hasMessageContaining("cannot find the database");
        assertThat(colours.environments().find(BLUE)).isEmpty();

        colours.variables.put("command", works);
        assertThat(colours.apply(BLUE, "1").version()).isEqualTo("1");
    }

    @Test
    void a_port_that_somebody_else_has_is_not_taken_for_ours() throws IOException {
        int port = Integer.parseInt(colours.variables.get("blue_port"));
        try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> colours.apply(BLUE, "1"))
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("Port " + stranger.getLocalPort() + " is taken by another process");
        }
        assertThat(colours.processes()).isEmpty();
    }

    @Test
    void a_colour_that_does_not_become_healthy_is_told_with_its_last_answer() throws IOException {
        Files.writeString(folder.resolve("sick"), "");
        colours.healthyWithin = Duration.ofMillis(500);

        assertThatThrownBy(() -> colours.apply(BLUE, "1")).isInstanceOfSatisfying(CheckFailed.class, e -> {
            assertThat(e).hasMessageContaining("/health gave status 503");
            assertThat(e.hint()).contains("process.log");
        });
    }

    @Test
    void a_process_that_is_unwell_for_a_while_is_left_alone() throws Exception {
        colours.apply(BLUE, "1");
        ProcessHandle process = colours.process();
        Files.writeString(folder.resolve("sick"), "");

        CompletableFuture<Environment> again = supplyAsync(() -> colours.apply(BLUE, "1"));
        assertThatThrownBy(() -> again.get(4, SECONDS)).isInstanceOf(TimeoutException.class);
        Files.delete(folder.resolve("sick"));

        assertThat(again.get(20, SECONDS).version()).isEqualTo("1");
        assertThat(colours.process()).isEqualTo(process);
    }

    @Test
    void a_process_that_has_died_is_started_again_although_the_plan_is_clean() throws Exception {
        Environment blue = colours.apply(BLUE, "1");
        ProcessHandle first = colours.process();
        first.destroyForcibly();
        LocalColours.await(() -> colours.processes().isEmpty());

        colours.apply(BLUE, "1");

        assertThat(LocalColours.get(blue.url())).startsWith("blog blue 1");
        assertThat(colours.process()).isNotEqualTo(first);
    }

    @Test
    void what_the_process_started_goes_with_it_even_if_it_died_before() throws Exception {
        // Two commands, so that the shell stays as the parent of the application.
        colours.variables.put("command", colours.sample() + "; exit");
        colours.apply(BLUE, "1");
        ProcessHandle application = colours.processes().stream()
                .filter(process -> process.children().findAny().isEmpty())
                .findFirst()
                .orElseThrow();
        application.parent().orElseThrow().destroyForcibly();
        LocalColours.await(() -> colours.process().equals(application));

        colours.environments().destroy(BLUE);

        assertThat(colours.processes()).isEmpty();
    }

    @Test
    void an_interrupted_start_leaves_nothing_after_destroy() throws Exception {
        applyUntilItWaits().interrupted();
        assertThat(colours.processes()).hasSize(1);

        colours.environments().destroy(BLUE);

        assertThat(colours.processes()).isEmpty();
    }

    @Test
    void an_interrupted_start_is_gone_on_with_by_applying_again() throws Exception {
        applyUntilItWaits().interrupted();
        ProcessHandle waiting = colours.process();
        Files.writeString(folder.resolve("go"), "");

        assertThat(colours.apply(BLUE, "1").version()).isEqualTo("1");

        assertThat(colours.processes()).contains(waiting);
    }

    @Test
    void a_start_during_which_terraform_was_killed_is_gone_on_with_by_applying_again() throws Exception {
        FutureTask<Throwable> apply = applyUntilItWaits().outcome;
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").matches(".*/(terraform|tofu)"))
                .forEach(ProcessHandle::destroyForcibly);
        assertThat(apply.get(20, SECONDS)).isInstanceOf(DependencyFailed.class).hasMessageContaining("exit code 137");
        Files.writeString(folder.resolve("go"), "");

        Environment blue = colours.apply(BLUE, "1");

        assertThat(LocalColours.get(blue.url())).startsWith("blog blue 1");
        colours.environments().destroy(BLUE);
        assertThat(colours.processes()).isEmpty();
    }

    @Test
    void what_runs_is_found_from_another_node_which_was_never_prepared() throws IOException {
        Environment blue = colours.apply(BLUE, "1");
        delete(folder.resolve(".pitstop"));

        assertThat(colours.environments().find(BLUE)).contains(blue);
    }

    @Test
    void a_state_that_belongs_to_the_other_colour_is_not_touched() throws IOException {
        colours.apply(BLUE, "1");
        ProcessHandle blue = colours.process();
        Files.copy(colours.state(BLUE), colours.state(GREEN));

        assertThatThrownBy(() -> colours.apply(GREEN, "2"))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("The state for green holds the environment of blue.");
        assertThatThrownBy(() -> colours.environments().destroy(GREEN)).isInstanceOf(MoveRefused.class);

        assertThat(colours.process()).isEqualTo(blue);
    }

    @Test
    void a_module_without_the_output_url_is_named() throws IOException {
        colours.module = Files.createDirectory(folder.resolve("module"));
        colours.variables.clear();
        Files.writeString(
                colours.module.resolve("main.tf"),
                """
                terraform {
                  backend "local" {}
                }
                variable "application" {}
                variable "colour" {}
                variable "app_version" {}
                output "app_version" {
                  value = var.app_version
                }
                """);

        assertThatThrownBy(() -> colours.apply(BLUE, "1"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage(colours.module + " has no output url.");
    }

    /** The module in a folder of its own, beside the script that it calls. */
    private Path copyOfTheModule(String name, UnaryOperator<String> change) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy").resolve(name));
        Files.copy(LocalColours.MODULE.resolveSibling("process.sh"), copy.resolveSibling("process.sh"));
        try (Stream<Path> files = Files.list(LocalColours.MODULE)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".tf")).toList()) {
                Files.writeString(copy.resolve(file.getFileName()), change.apply(Files.readString(file)));
            }
        }
        return copy;
    }

    /** An apply on a thread of its own. */
    private record Attempt(Thread thread, FutureTask<Throwable> outcome) {
        void interrupted() throws Exception {
            thread.interrupt();
            assertThat(outcome.get(20, SECONDS)).isInstanceOf(Interrupted.class);
        }
    }

    /** Applies an application that does not listen before the file "go" is there, until its process runs. */
    private Attempt applyUntilItWaits() throws Exception {
        colours.variables.put(
                "command", "until [ -e " + folder + "/go ]; do sleep 0.05; done; exec " + colours.sample());
        FutureTask<Throwable> outcome = new FutureTask<>(() -> {
            try {
                colours.apply(BLUE, "1");
                return null;
            } catch (RuntimeException e) {
                return e;
            }
        });
        Thread thread = new Thread(outcome);
        thread.start();
        LocalColours.await(() -> !colours.processes().isEmpty());
        return new Attempt(thread, outcome);
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
