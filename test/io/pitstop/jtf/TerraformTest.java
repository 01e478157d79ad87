package io.pitstop.jtf;

import static io.pitstop.jtf.Action.CREATE;
import static io.pitstop.jtf.Action.DELETE;
import static io.pitstop.jtf.Action.REPLACE;
import static io.pitstop.jtf.Action.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real binary on a module that needs no provider. What happens when it is stopped is in TerraformStopTest. */
class TerraformTest {
    static final Limits LIMITS = new Limits(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ZERO);

    private static final String MODULE =
            """
            terraform {
              backend "local" {}
            }
            variable "name" {
              type = string
            }
            variable "size" {
              type    = number
              default = 1
            }
            variable "password" {
              type      = string
              default   = "none"
              sensitive = true
            }
            resource "terraform_data" "one" {
              input            = var.size
              triggers_replace = var.name
            }
            output "name" {
              value = terraform_data.one.triggers_replace
            }
            output "size" {
              value = var.size
            }
            output "names" {
              value = ["a", var.name]
            }
            output "password" {
              value     = var.password
              sensitive = true
            }
            """;

    @TempDir
    Path folder;

    private final List<String> progress = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private Path module;

    @BeforeEach
    void write_the_module() throws IOException {
        module = Files.createDirectory(folder.resolve("module"));
        Files.writeString(module.resolve("main.tf"), MODULE);
    }

    @Test
    void a_plan_names_each_change_and_its_action() {
        Terraform terraform = initialised();

        assertThat(applied(terraform, Map.of("name", "x"))).containsExactly(CREATE + " terraform_data.one");
        assertThat(applied(terraform, Map.of("name", "x", "size", "2")))
                .containsExactly(UPDATE + " terraform_data.one");
        assertThat(applied(terraform, Map.of("name", "y", "size", "2")))
                .containsExactly(REPLACE + " terraform_data.one");
        try (Plan plan = terraform.plan(Map.of("name", "y", "size", "2"), List.of())) {
            assertThat(plan.isEmpty()).isTrue();
            assertThat(plan.changes()).isEmpty();
        }
    }

    @Test
    void what_has_not_changed_is_made_anew_if_asked_for() {
        Terraform terraform = initialised();
        applied(terraform, Map.of("name", "x"));

        try (Plan plan = terraform.plan(Map.of("name", "x"), List.of("terraform_data.one"))) {
            assertThat(named(plan)).containsExactly(REPLACE + " terraform_data.one");
        }
    }

    @Test
    void a_resource_that_left_the_module_is_planned_to_be_deleted() throws IOException {
        Terraform terraform = initialised();
        applied(terraform, Map.of("name", "x"));
        Files.writeString(module.resolve("main.tf"), "terraform {\n  backend \"local\" {}\n}\nvariable \"name\" {}\n");

        try (Plan plan = terraform.plan(Map.of("name", "x"), List.of())) {
            assertThat(named(plan)).containsExactly(DELETE + " terraform_data.one");
        }
    }

    @Test
    void an_apply_tells_what_it_does_while_it_does_it() {
        applied(initialised(), Map.of("name", "x"));

        assertThat(progress)
                .anyMatch(line -> line.contains("terraform_data.one: Creating"))
                .anyMatch(line -> line.contains("1 added, 0 changed, 0 destroyed"));
    }

    @Test
    void outputs_have_types_and_show_their_names_only() {
        Terraform terraform = initialised();
        assertThat(terraform.outputs().isEmpty()).isTrue();
        applied(terraform, Map.of("name", "x", "password", "hunter2"));

        Outputs outputs = terraform.outputs();

        assertThat(outputs.text("name")).contains("x");
        assertThat(outputs.text("size")).contains("1");
        assertThat(outputs.text("names")).isEmpty();
        assertThat(outputs.texts("names")).containsExactly("a", "x");
        assertThat(outputs.text("password")).contains("hunter2");
        assertThat(outputs.text("absent")).isEmpty();
        assertThat(outputs).hasToString("outputs [name, names, password, size]");
    }

    @Test
    void neither_plan_nor_values_stay_in_the_data_folder() throws IOException {
        applied(initialised(), Map.of("name", "x", "password", "hunter2"));

        try (Stream<Path> left = Files.list(folder.resolve("data"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("terraform.tfstate", "init.sha256");
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("data"))).hasSize(3);
    }

    @Test
    void destroying_twice_is_destroying_once() {
        Terraform terraform = initialised();
        applied(terraform, Map.of("name", "x"));

        terraform.destroy(Map.of("name", "x"));
        progress.clear();
        terraform.destroy(Map.of("name", "x"));

        assertThat(terraform.outputs().isEmpty()).isTrue();
        assertThat(progress).noneMatch(line -> line.contains("Destroying"));
    }

    @Test
    void a_missing_value_is_named_with_file_and_line() {
        assertThatThrownBy(() -> initialised().plan(Map.of(), List.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage(module.resolve("main.tf") + ":4: the variable name needs a value.");
    }

    @Test
    void a_value_that_the_module_does_not_declare_is_named() {
        assertThatThrownBy(() -> initialised().plan(Map.of("name", "x", "nmae", "y"), List.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("no variable nmae");
    }

    @Test
    void a_value_of_the_wrong_type_is_the_authors_to_correct() {
        assertThatThrownBy(() -> initialised().plan(Map.of("name", "x", "size", "big"), List.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("var.size")
                .hasMessageContaining("number");
    }

    @Test
    void a_secret_may_come_by_the_environment() {
        environment.put("TF_VAR_password", "hunter2");
        Terraform terraform = initialised();
        applied(terraform, Map.of("name", "x"));

        assertThat(terraform.outputs().text("password")).contains("hunter2");
    }

    @Test
    void broken_configuration_is_named_with_file_and_line() throws IOException {
        Terraform terraform = initialised();
        terraform.validate();
        Files.writeString(module.resolve("more.tf"), "\noutput \"x\" {\n  value = var.unheard_of\n}\n");

        assertThatThrownBy(terraform::validate)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(module.resolve("more.tf") + ":3: ")
                .hasMessageContaining("unheard_of");
    }

    @Test
    void a_module_without_a_backend_block_is_refused_since_both_states_would_be_one() throws IOException {
        Files.writeString(module.resolve("main.tf"), "output \"x\" {\n  value = 1\n}\n");

        assertThatThrownBy(this::initialised)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("no backend block");
    }

    @Test
    void a_folder_without_configuration_is_refused() throws IOException {
        Files.delete(module.resolve("main.tf"));

        assertThatThrownBy(this::initialised)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("not a Terraform module");
    }

    @Test
    void an_unknown_backend_setting_is_named() {
        assertThatThrownBy(() -> terraform(LIMITS).init(Map.of("bucket", "hunter2")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("\"bucket\"")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void another_state_is_taken_up_without_moving_anything() {
        Terraform terraform = initialised();
        applied(terraform, Map.of("name", "x"));

        terraform.initOnce(Map.of("path", folder.resolve("other.tfstate").toString()));
        assertThat(terraform.outputs().isEmpty()).isTrue();
        terraform.initOnce(Map.of("path", folder.resolve("state.tfstate").toString()));
        assertThat(terraform.outputs().text("name")).contains("x");
    }

    @Test
    void what_fails_during_an_apply_is_told_with_its_output() throws IOException {
        Files.writeString(
                module.resolve("more.tf"),
                """
                resource "terraform_data" "bad" {
                  provisioner "local-exec" {
                    command = "echo the disk is full; exit 9"
                  }
                }
                """);

        assertThatThrownBy(() -> applied(initialised(), Map.of("name", "x")))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("exit status 9")
                .hasMessageContaining("the disk is full");
    }

    @Test
    void a_cli_configuration_that_does_not_exist_is_kept_from_terraform() throws IOException {
        environment.put("TF_CLI_CONFIG_FILE", folder.resolve("absent.rc").toString());
        Files.writeString(
                module.resolve("more.tf"),
                """
                resource "terraform_data" "shell" {
                  provisioner "local-exec" {
                    command = "echo config=$TF_CLI_CONFIG_FILE cookie=$JENKINS_NODE_COOKIE"
                  }
                }
                """);

        applied(initialised(), Map.of("name", "x"));

        assertThat(progress).anyMatch(line -> line.endsWith("config= cookie=dontKillMe"));
    }

    @Test
    void opentofu_does_where_there_is_no_terraform() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path tofu = Files.writeString(
                bin.resolve("tofu"), "#!/bin/sh\nexec " + new SearchPath(System.getenv()).terraform() + " \"$@\"\n");
        Files.setPosixFilePermissions(tofu, PosixFilePermissions.fromString("rwx------"));
        environment.put("PATH", bin.toString());

        assertThat(terraform(LIMITS).version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void a_machine_without_terraform_is_told_so() {
        environment.put("PATH", folder.toString());

        assertThatThrownBy(() -> terraform(LIMITS).version()).isInstanceOfSatisfying(InvalidConfig.class, e -> {
            assertThat(e).hasMessage("There is neither terraform nor tofu on the PATH.");
            assertThat(e.hint()).contains("Install Terraform").contains("OpenTofu");
        });
    }

    private Terraform initialised() {
        Terraform terraform = terraform(LIMITS);
        terraform.init(Map.of("path", folder.resolve("state.tfstate").toString()));
        return terraform;
    }

    private Terraform terraform(Limits limits) {
        return new Terraform(module, folder.resolve("data"), environment, limits, progress::add);
    }

    private static List<String> named(Plan plan) {
        return plan.changes().stream()
                .map(change -> change.action() + " " + change.address())
                .toList();
    }

    private static List<String> applied(Terraform terraform, Map<String, String> variables) {
        try (Plan plan = terraform.plan(variables, List.of())) {
            terraform.apply(plan);
            return named(plan);
        }
    }
}
