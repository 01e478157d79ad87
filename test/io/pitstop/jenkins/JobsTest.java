package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The Job DSL script and the Configuration as Code beside the Jenkinsfiles. No Jenkins runs here: the script runs
 * against {@link JobDsl}, which knows the methods that it uses and no other.
 */
class JobsTest {
    private static final Path FOLDER = Path.of("resources/jenkins");

    @Test
    void every_job_to_copy_is_created_and_every_created_job_has_its_file() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> pipelines = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("Jenkinsfile") && !name.equals("Jenkinsfile.scripted"))
                    .map(name -> "jenkins/" + name)
                    .toList();

            assertThat(jobs().values("scriptPath")).containsExactlyInAnyOrderElementsOf(pipelines);
        }
    }

    @Test
    void the_jobs_lie_in_a_folder_of_the_application_and_pull_requests_outside_of_it() throws IOException {
        JobDsl jobs = jobs();

        assertThat(jobs.values("folder")).containsExactly("blog");
        assertThat(jobs.values("pipelineJob"))
                .containsExactly("blog/release", "blog/rollback", "blog/contract", "blog/backfill");
        assertThat(jobs.values("multibranchPipelineJob")).containsExactly("blog-pull-requests");
        assertThat(jobs.values("url")).hasSize(4).allMatch(url -> url.startsWith("https://"));
        assertThat(jobs.values("credentials")).containsOnly("git-read");
    }

    @Test
    void a_method_that_job_dsl_does_not_have_fails() {
        assertThatThrownBy(() -> JobDsl.run("pipelineJob('x') { definition { cpsScm { scriptPaht('y') } } }"))
                .hasMessageContaining("scriptPaht");
        assertThatThrownBy(() -> JobDsl.run("pipelineJob('x') { scriptPath('y') }"))
                .hasMessageContaining("scriptPath");
    }

    @Test
    void the_library_is_loaded_by_name_and_pinned_to_this_version() throws IOException {
        Map<?, ?> library =
                (Map<?, ?>) ((List<?>) at(configuration(), "unclassified", "globalLibraries", "libraries")).get(0);

        assertThat(library.get("name")).isEqualTo("pitstop");
        assertThat(library.get("implicit")).isEqualTo(false);
        assertThat(library.get("defaultVersion")).isEqualTo("v" + version());
        assertThat(at(library, "retriever", "modernSCM", "scm", "git", "remote"))
                .asString()
                .startsWith("https://");
    }

    @Test
    void the_nodes_are_told_where_to_get_the_agent_of_this_version() throws IOException {
        List<?> properties = (List<?>) at(configuration(), "jenkins", "globalNodeProperties");
        Map<Object, Object> variables = new HashMap<>();
        for (Object variable : (List<?>) at((Map<?, ?>) properties.get(0), "envVars", "env")) {
            variables.put(((Map<?, ?>) variable).get("key"), ((Map<?, ?>) variable).get("value"));
        }

        assertThat(variables).containsKeys("PITSTOP_AGENT_URL", "PITSTOP_AGENT_SHA256", "PITSTOP_ON_CALL");
        assertThat(variables.get("PITSTOP_AGENT_URL")).asString().endsWith("/pitstop-" + version() + ".tar.gz");
        assertThat(variables.get("PITSTOP_AGENT_SHA256")).asString().matches("[0-9a-f]{64}");
    }

    @Test
    void the_configuration_runs_the_script_beside_it_and_sets_nothing_else() throws IOException {
        Map<?, ?> configuration = configuration();

        assertThat(configuration.keySet()).isEqualTo(Set.of("unclassified", "jenkins", "jobs"));
        String file = String.valueOf(((Map<?, ?>) ((List<?>) configuration.get("jobs")).get(0)).get("file"));
        assertThat(FOLDER.resolve(Path.of(file).getFileName())).exists();
    }

    private static JobDsl jobs() throws IOException {
        return JobDsl.run(Files.readString(FOLDER.resolve("jobs.groovy")));
    }

    private static Map<?, ?> configuration() throws IOException {
        LoadSettings strict =
                LoadSettings.builder().setAllowDuplicateKeys(false).build();
        return (Map<?, ?>) new Load(strict).loadFromString(Files.readString(FOLDER.resolve("jenkins.yaml")));
    }

    private static Object at(Map<?, ?> map, String... path) {
        Object value = map;
        for (String key : path) {
            assertThat(((Map<?, ?>) value).containsKey(key)).as(key).isTrue();
            value = ((Map<?, ?>) value).get(key);
        }
        return value;
    }

    private static String version() {
        try {
            String pom = Files.readString(Path.of("pom.xml"));
            return pom.replaceAll("(?s).*?<artifactId>pitstop</artifactId>\\s*<version>([^<]+)<.*", "$1");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
