package io.pitstop.jtf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real binary behind a script that stands in its way. */
class TerraformFaultsTest {
    private static final Map<String, String> NOTHING = Map.of();

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private Path module;

    @BeforeEach
    void write_the_module() throws IOException {
        module = Files.createDirectory(folder.resolve("module"));
        Files.writeString(
                module.resolve("main.tf"),
                """
                terraform {
                  backend "local" {}
                }
                resource "terraform_data" "one" {}
                """);
    }

    @Test
    void lines_that_are_not_json_and_words_on_standard_error_are_no_failure() throws IOException {
        standIn("echo 'Successfully configured the backend!'; echo '{ nor is this'; echo 'Warning: odd' >&2;"
                + " \"$REAL\" \"$@\"; rc=$?; echo done; exit $rc");
        Terraform terraform = initialised();

        try (Plan plan = terraform.plan(NOTHING, List.of())) {
            assertThat(plan.lines()).containsExactly("+ create terraform_data.one");
            terraform.apply(plan);
        }
        assertThat(terraform.version()).matches("\\d+\\..*");
        terraform.validate();
        assertThat(terraform.outputs().isEmpty()).isTrue();
    }

    @Test
    void a_plan_whose_state_was_changed_meanwhile_is_stale_and_not_applied() {
        Terraform terraform = initialised();
        try (Plan plan = terraform.plan(NOTHING, List.of())) {
            try (Plan other = terraform.plan(NOTHING, List.of())) {
                terraform.apply(other);
            }

            assertThatThrownBy(() -> terraform.apply(plan)).isInstanceOfSatisfying(DependencyFailed.class, stale -> {
                assertThat(stale)
                        .hasMessageContaining("its plan is stale: somebody else has changed the state")
                        .hasMessageContaining("Nothing was applied");
                assertThat(stale.hint()).contains("it plans anew");
            });
        }
    }

    @Test
    void a_state_that_could_not_be_saved_is_kept_for_our_eyes_only_with_what_to_do() throws IOException {
        Terraform terraform = unsaved();

        Path kept = kept();
        assertThat(kept).content().isEqualTo("{\"serial\":7}\n");
        assertThat(Files.getPosixFilePermissions(kept)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(module.resolve("errored.tfstate")).doesNotExist();
        assertThatThrownBy(() -> terraform.plan(NOTHING, List.of()))
                .isInstanceOfSatisfying(MoveRefused.class, refusal -> {
                    assertThat(refusal).hasMessageContaining(kept.toString());
                    assertThat(refusal.hint()).contains(" state push " + kept).contains("then delete that file");
                });
        Files.delete(kept);
        terraform.plan(NOTHING, List.of()).close();
    }

    @Test
    void one_that_was_left_by_a_run_that_died_is_found_before_anything_is_made_twice() throws IOException {
        Terraform terraform = initialised();
        Files.writeString(module.resolve("errored.tfstate"), "{}");

        assertThatThrownBy(() -> terraform.plan(NOTHING, List.of()))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining(module.resolve("errored.tfstate").toString());
    }

    @Test
    void every_command_has_its_limit() throws IOException {
        initialised();
        standIn("exec sleep 30");
        Terraform slow = terraform(new Limits(Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ZERO));

        Stream.<Runnable>of(
                        slow::version,
                        slow::validate,
                        slow::outputs,
                        () -> slow.init(Map.of()),
                        () -> slow.plan(NOTHING, List.of()))
                .forEach(command -> assertThatThrownBy(command::run)
                        .isInstanceOf(DependencyFailed.class)
                        .hasMessageContaining("took longer than"));
    }

    /** Applies, behind a binary that could not save its state; what it prints then is recorded from Terraform 1.11. */
    private Terraform unsaved() throws IOException {
        standIn(
                """
                if [ "$1" = apply ]; then
                  echo '{"serial":7}' > errored.tfstate
                  echo '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Failed to save state","detail":"Error saving state: the bucket does not answer."}}'
                  echo '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Failed to persist state to backend","detail":"It has been written to errored.tfstate."}}'
                  exit 1
                fi
                exec "$REAL" "$@"
                """);
        Terraform terraform = initialised();
        try (Plan plan = terraform.plan(NOTHING, List.of())) {
            assertThatThrownBy(() -> terraform.apply(plan)).isInstanceOfSatisfying(DependencyFailed.class, e -> {
                assertThat(e)
                        .hasMessageContaining("the bucket does not answer")
                        .hasMessageContaining("it is kept in " + kept());
                assertThat(e.hint()).contains("state push " + kept());
            });
        }
        return terraform;
    }

    private Path kept() {
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("unsaved-"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void standIn(String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path file = Files.writeString(bin.resolve("terraform"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        environment.putIfAbsent(
                "REAL", new SearchPath(System.getenv()).terraform().toString());
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
    }

    private Terraform initialised() {
        Terraform terraform = terraform(TerraformTest.LIMITS);
        terraform.init(Map.of("path", folder.resolve("state.tfstate").toString()));
        return terraform;
    }

    private Terraform terraform(Limits limits) {
        return new Terraform(module, folder.resolve("data"), environment, limits, line -> {});
    }
}
