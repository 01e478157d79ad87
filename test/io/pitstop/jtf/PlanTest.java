package io.pitstop.jtf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of the real binary, for a module in which a password goes from a variable through two resources. */
class PlanTest {
    private static final Map<String, String> FIRST = Map.of("name", "x", "password", "hunter2-secret");

    @TempDir
    Path folder;

    private Terraform terraform;

    @BeforeEach
    void initialise() throws IOException {
        Path module = Files.createDirectory(folder.resolve("module"));
        Files.writeString(
                module.resolve("main.tf"),
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
                  sensitive = true
                }
                variable "also" {
                  type    = number
                  default = 0
                }
                resource "terraform_data" "one" {
                  input            = { size = var.size, password = var.password, ports = [80, var.size], tags = { Colour = "blue" } }
                  triggers_replace = { name = var.name }
                }
                resource "terraform_data" "two" {
                  input = { of = terraform_data.one.output.size, text = "password is ${terraform_data.one.output.password}" }
                }
                resource "terraform_data" "also" {
                  count = var.also
                }
                output "name" {
                  value = var.name
                }
                output "password" {
                  value     = var.password
                  sensitive = true
                }
                output "id" {
                  value = terraform_data.one.id
                }
                """);
        terraform = new Terraform(module, folder.resolve("data"), System.getenv(), TerraformTest.LIMITS, line -> {});
        terraform.init(Map.of("path", folder.resolve("state.tfstate").toString()));
    }

    @Test
    void an_update_names_each_value_that_changes_and_those_that_stay() {
        apply(FIRST);

        plan(with("size", "2"), plan -> {
            Change one = plan.changes().get(0);
            assertThat(one.type()).isEqualTo("terraform_data");
            assertThat(one.changed())
                    .extracting(Attribute::toString)
                    .containsExactlyInAnyOrder(
                            "input.size 1 -> 2", "input.ports[1] 1 -> 2", "output (sensitive) -> (known after apply)");
            assertThat(one.attributes())
                    .extracting(Attribute::toString)
                    .contains("input.tags.Colour blue -> blue", "input.ports[0] 80 -> 80");
            assertThat(one.line())
                    .startsWith("~ update terraform_data.one: ")
                    .contains("input.size", "input.ports[1]", "output");
            assertThat(one.details()).contains("input.size 1 -> 2");
        });
    }

    @Test
    void a_replacement_says_which_value_forces_it() {
        apply(FIRST);

        plan(Map.of("name", "y", "password", "hunter2-secret"), plan -> {
            Change one = plan.changes().get(0);
            assertThat(one.action()).isEqualTo(Action.REPLACE);
            assertThat(one.line()).isEqualTo("-/+ replace terraform_data.one: triggers_replace.name");
            assertThat(one.changed())
                    .filteredOn(Attribute::forcesReplacement)
                    .extracting(Attribute::toString)
                    .containsExactly("triggers_replace.name x -> y");
        });
    }

    @Test
    void what_comes_and_goes_is_named_without_its_values() {
        plan(FIRST, plan -> assertThat(plan.lines())
                .containsExactly(
                        "+ create terraform_data.one",
                        "+ create terraform_data.two",
                        "+ create output id",
                        "+ create output name",
                        "+ create output password"));
        apply(with("also", "1"));

        plan(FIRST, plan -> assertThat(plan.lines()).containsExactly("- delete terraform_data.also[0]"));
        try (Plan all = terraform.planDestroy(FIRST)) {
            assertThat(all.changes()).extracting(Change::action).containsOnly(Action.DELETE);
        }
    }

    @Test
    void what_is_sensitive_does_not_leave_even_where_terraform_has_lost_the_mark() {
        plan(
                FIRST,
                plan -> assertThat(everything(plan)).doesNotContain("hunter2").contains("(sensitive)"));
        apply(FIRST);

        // The output of terraform_data.one, and the input of the other one that is made from it, have no mark.
        plan(Map.of("name", "x", "password", "correct-horse", "size", "2"), plan -> {
            assertThat(everything(plan)).doesNotContain("hunter2", "correct-horse");
            assertThat(plan.changes().get(0).changed())
                    .extracting(Attribute::toString)
                    .contains("input.password (sensitive) -> (sensitive)");
            assertThat(plan.outputs())
                    .extracting(OutputChange::toString)
                    .containsExactly(
                            "OutputChange[name=password, action=~ update, before=(sensitive), after=(sensitive)]");
        });
    }

    @Test
    void a_sensitive_number_does_not_hide_all_that_it_is_part_of() {
        plan(
                Map.of("name", "arn:aws:iam::123456789012:role/x", "password", "123456789012"),
                plan -> assertThat(everything(plan)).contains("arn:aws:iam::123456789012:role/x"));
    }

    @Test
    void outputs_that_change_alone_are_a_plan_too() throws IOException {
        apply(FIRST);
        Files.writeString(folder.resolve("module/more.tf"), "output \"more\" {\n  value = \"a\"\n}\n");

        plan(FIRST, plan -> {
            assertThat(plan.isEmpty()).isFalse();
            assertThat(plan.changes()).isEmpty();
            assertThat(plan.lines()).containsExactly("+ create output more");
        });
    }

    @Test
    void what_moves_to_another_address_or_is_forgotten_is_told() throws IOException {
        apply(with("also", "2"));
        Path main = folder.resolve("module/main.tf");
        Files.writeString(
                main,
                Files.readString(main).replace("\"terraform_data\" \"two\"", "\"terraform_data\" \"renamed\"")
                        + """
                        moved {
                          from = terraform_data.two
                          to   = terraform_data.renamed
                        }
                        """);

        plan(with("also", "2"), plan -> assertThat(plan.lines()).containsExactly("~ move terraform_data.renamed"));
        String withoutIt =
                Files.readString(main).replaceAll("(?s)resource \"terraform_data\" \"also\" \\{.*?\n}\n", "");
        Files.writeString(
                main,
                withoutIt
                        + """
                        removed {
                          from = terraform_data.also
                          lifecycle {
                            destroy = false
                          }
                        }
                        """);
        plan(FIRST, plan -> assertThat(plan.lines()).contains("- forget terraform_data.also[0]"));
    }

    @Test
    void the_values_that_it_was_made_with_can_be_asked_for_unless_they_are_sensitive() {
        plan(FIRST, plan -> {
            assertThat(plan.variable("name")).contains("x");
            assertThat(plan.variable("size")).contains("1");
            assertThat(plan.variable("password")).isEmpty();
            assertThat(plan.variable("undeclared")).isEmpty();
        });
    }

    @Test
    void the_fingerprint_tells_one_change_from_another_and_is_the_same_for_the_same() {
        apply(FIRST);
        String[] prints = new String[3];
        plan(with("size", "2"), plan -> prints[0] = plan.changes().get(0).fingerprint());
        plan(with("size", "2"), plan -> prints[1] = plan.changes().get(0).fingerprint());
        plan(with("size", "3"), plan -> prints[2] = plan.changes().get(0).fingerprint());

        assertThat(prints[1]).isEqualTo(prints[0]).matches("[0-9a-f]{64}");
        assertThat(prints[2]).isNotEqualTo(prints[0]);
    }

    @Test
    void a_plan_is_applied_once() {
        try (Plan plan = terraform.plan(FIRST, List.of())) {
            terraform.apply(plan);
            assertThatThrownBy(() -> terraform.apply(plan)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static Map<String, String> with(String name, String value) {
        return Map.of("name", "x", "password", "hunter2-secret", name, value);
    }

    private static String everything(Plan plan) {
        return plan.changes().toString()
                + plan.outputs()
                + plan.lines()
                + plan.changes().stream().map(Change::details).toList();
    }

    private void plan(Map<String, String> variables, Consumer<Plan> look) {
        try (Plan plan = terraform.plan(variables, List.of())) {
            look.accept(plan);
        }
    }

    private void apply(Map<String, String> variables) {
        plan(variables, terraform::apply);
    }
}
