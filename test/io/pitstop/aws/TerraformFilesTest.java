package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.jtf.Terraform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of terraform/aws without applying it. */
class TerraformFilesTest {
    private static final Path AWS = ModulePages.FOLDER.resolve("aws");

    @TempDir
    Path folder;

    @Test
    void all_is_formatted() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", "$(command -v terraform || command -v tofu) fmt -check -recursive -diff terraform")
                .redirectErrorStream(true);
        builder.environment().remove("TF_CLI_CONFIG_FILE"); // may name a file that is not there
        Process format = builder.start();

        assertThat(new String(format.getInputStream().readAllBytes())).isEmpty();
        assertThat(format.waitFor()).isZero();
    }

    /** As one root that calls them all: each validation costs seconds, whatever there is to validate. */
    @Test
    void every_module_and_every_example_is_valid() throws Exception {
        try (Workshop workshop = new Workshop(folder, Map.of())) {
            List<Path> called = Stream.concat(
                            roots().stream(),
                            // What is emulated calls modules from outside of this folder; the demo applies it.
                            ModulePages.all().keySet().stream()
                                    .filter(module -> module.startsWith("aws/") && !module.contains("emulated"))
                                    .map(ModulePages.FOLDER::resolve))
                    .distinct()
                    .toList();
            StringBuilder root = new StringBuilder("terraform {\n  backend \"local\" {}\n}\n");
            for (int i = 0; i < called.size(); i++) {
                Path module = called.get(i);
                root.append("module \"m%d\" {\n  source = \"./%s\"\n".formatted(i, AWS.relativize(module)));
                for (ModulePages.Block variable : ModulePages.blocks(module.resolve("variables.tf"))) {
                    if (!variable.has("default")) {
                        root.append("  %s = %s\n".formatted(variable.name(), anyValue(variable.value("type"))));
                    }
                }
                root.append("}\n");
            }
            Files.writeString(workshop.module("main.tf"), root);

            Terraform terraform = workshop.terraform(workshop.module(""), "all", Map.of(), line -> {});
            terraform.init(Map.of("path", folder.resolve("all.tfstate").toString()));
            terraform.validate();
        }
    }

    @Test
    void only_what_the_router_owns_is_left_alone() throws IOException {
        Set<String> ignored = new TreeSet<>();
        Matcher matcher = Pattern.compile(
                        "resource \"(\\w+)\" \"(\\w+)\" \\{(?:(?!^}).)*?ignore_changes\\s*=\\s*\\[(.*?)]",
                        Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(textOf(".tf"));
        while (matcher.find()) {
            ignored.add(matcher.group(1) + "." + matcher.group(2) + " " + matcher.group(3));
        }

        assertThat(ignored)
                .containsExactlyInAnyOrder(
                        "aws_lb_listener.production default_action",
                        "aws_lb_listener_rule.production action",
                        "aws_route53_record.colour weighted_routing_policy");
        assertThat(textOf(".tf").split("ignore_changes", -1)).hasSize(ignored.size() + 1);
    }

    @Test
    void an_environment_makes_nothing_that_could_move_traffic() throws IOException {
        Pattern resource = Pattern.compile("^resource \"(\\w+)\"", Pattern.MULTILINE);

        try (Stream<Path> files = Files.walk(AWS.resolve("environment"))) {
            String text = text(files.filter(file -> file.toString().endsWith(".tf")));
            assertThat(resource.matcher(text).results().map(found -> found.group(1)))
                    .doesNotContain("aws_lb", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group")
                    .noneMatch(type -> type.startsWith("aws_route53"));
        }
    }

    @Test
    void every_root_locks_its_state_and_the_same_provider() throws IOException {
        assertThat(roots()).hasSize(8);
        for (Path root : roots()) {
            assertThat(root.resolve("versions.tf"))
                    .content()
                    .contains("backend \"s3\"", "use_lockfile = true", "version = \"~> 5.100\"");
            assertThat(root.resolve(".terraform.lock.hcl"))
                    .as("terraform providers lock, then the same file for all")
                    .hasSameTextualContentAs(roots().get(0).resolve(".terraform.lock.hcl"));
        }
    }

    private static List<Path> roots() throws IOException {
        try (Stream<Path> files = Files.walk(AWS.resolve("examples"))) {
            return files.filter(file -> file.endsWith(".terraform.lock.hcl"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
    }

    private static String anyValue(String type) {
        return switch (type) {
            case "string" -> "\"blue\"";
            case "number" -> "1";
            case "list(string)", "set(string)" -> "[\"10.0.0.0/8\"]";
            case "map(string)" -> "{ NAME = \"arn:aws:ssm:eu-west-1:123456789012:parameter/name\" }";
            default -> throw new AssertionError("a value of type " + type);
        };
    }

    private static String textOf(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(AWS)) {
            return text(files.filter(file -> file.toString().endsWith(ending)));
        }
    }

    private static String text(Stream<Path> files) {
        return files.map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .collect(Collectors.joining("\n"));
    }
}
