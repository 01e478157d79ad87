package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the modules say what the modules say. */
class ModulePagesTest {
    @Test
    void each_module_has_the_page_that_would_be_written_now() throws IOException {
        Map<String, String> pages = ModulePages.all();
        if ("write".equals(System.getProperty("pitstop.pages"))) {
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(ModulePages.file(page.getKey()), page.getValue());
            }
        }

        Map<String, String> there = new TreeMap<>();
        for (String module : pages.keySet()) {
            there.put(module, Files.readString(ModulePages.file(module)));
        }
        assertThat(there)
                .as("run: mvn test -Dtest=ModulePagesTest -Dpitstop.pages=write")
                .isEqualTo(pages);
    }

    @Test
    void every_variable_is_typed_and_described_and_every_output_described() throws IOException {
        for (Path file : files("variables.tf")) {
            assertThat(ModulePages.blocks(file))
                    .as(file.toString())
                    .isNotEmpty()
                    .allSatisfy(variable -> {
                        assertThat(variable.value("type")).isNotEmpty();
                        assertThat(variable.description()).endsWith(".");
                    });
        }
        for (Path file : files("outputs.tf")) {
            assertThat(ModulePages.blocks(file))
                    .as(file.toString())
                    .isNotEmpty()
                    .allSatisfy(output -> assertThat(output.description()).endsWith("."));
        }
    }

    @Test
    void the_three_kinds_of_environment_have_the_same_interface_but_for_what_is_run() throws IOException {
        List<ModulePages.Block> ecs = variables("ecs");
        List<String> common = names(ecs.subList(0, names(ecs).indexOf("tags") + 1));

        assertThat(common)
                .contains("app_version", "release", "running", "capacity", "target_group_arn", "wait_timeout");
        for (String kind : List.of("asg", "ec2")) {
            assertThat(names(variables(kind))).as(kind).startsWith(common.toArray(String[]::new));
            for (int i = 0; i < common.size(); i++) {
                ModulePages.Block one = variables(kind).get(i);
                assertThat(one.text().replace("instances", "tasks"))
                        .isEqualTo(ecs.get(i).text());
            }
            assertThat(names(outputs(kind))).isEqualTo(names(outputs("ecs")));
        }
        assertThat(names(outputs("ecs"))).containsExactly("url", "app_version", "release", "colour", "log", "restart");
    }

    @Test
    void no_module_is_without_a_page() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("terraform"))) {
            assertThat(files.filter(file -> file.endsWith("variables.tf")).map(Path::getParent))
                    .containsExactlyInAnyOrderElementsOf(ModulePages.all().keySet().stream()
                            .map(module -> ModulePages.file(module).getParent())
                            .toList());
        }
    }

    private static List<ModulePages.Block> variables(String kind) throws IOException {
        return ModulePages.blocks(ModulePages.FOLDER.resolve("aws/environment/" + kind + "/variables.tf"));
    }

    private static List<ModulePages.Block> outputs(String kind) throws IOException {
        return ModulePages.blocks(ModulePages.FOLDER.resolve("aws/environment/" + kind + "/outputs.tf"));
    }

    private static List<String> names(List<ModulePages.Block> blocks) {
        return blocks.stream().map(ModulePages.Block::name).toList();
    }

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("terraform"))) {
            return files.filter(file -> file.endsWith(name)).toList();
        }
    }
}
