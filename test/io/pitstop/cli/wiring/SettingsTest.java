package io.pitstop.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.PitstopConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pitstop.yml in which every text, and some numbers, come from environment variables. */
class SettingsTest {
    @TempDir
    private Path folder;

    @Test
    void what_a_variable_holds_shows_nowhere() throws IOException {
        Path file = Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: "${S}"
                database: { url: "jdbc:postgresql://${S}/blog", sessions: "${S}-{colour}", credentials: { ssm: "${S}" } }
                migrations: { expand: "${S}", backfill: "${S}", finish: "${S}", contract: "${S}" }
                environments:
                  terraform: "${S}/environment"
                  backend: { path: "${S}/{colour}" }
                  variables: { db_password: "${S}", size: small }
                  health: { path: "/${S}" }
                traffic:
                  local: { admin: "http://127.0.0.1:${N}", tokenFile: "${S}" }
                  terraform: "${S}/traffic"
                  backend: { bucket: "${S}" }
                  shift: { steps: [5, "${PERCENT}", 100] }
                smoke:
                  - http: { path: "/${S}", contains: "${S}" }
                  - command: curl "${S}"
                    within: ${N}s
                  - load: { path: "/${S}", rate: "${N}/s", for: "${N}s", p95: "${N}ms", errors: "${PERCENT}%" }
                gates:
                  - http: { path: "/${S}", expect: 200 }
                  - router: { errors: "${PERCENT}%", atLeast: "${N}" }
                  - prometheus: { url: "http://${S}", query: "${S}", max: "${N}", window: "${N}s", samples: "${S}" }
                  - cloudwatch: { alarm: "${S}", window: "${N}s" }
                  - cloudwatch: { namespace: "${S}", metric: "${S}", max: "${N}", dimensions: { a: "${S}" }, colours: { blue: { g: "${S}" }, green: { g: "${S}" } }, samples: "${S}" }
                  - cloudwatch: { namespace: n, metrics: { e: "${S}" }, expression: "${S}", min: "${N}" }
                notifications:
                  - slack: { url: "${S}", on: [rolled-back] }
                  - teams: { url: "https://teams.example/${S}?sig=${S}" }
                  - post: { url: "https://hooks.example/geheim", tokenVariable: HOOK_TOKEN }
                """);
        Map<String, String> environment = Map.of("S", "geheim", "N", "7777", "PERCENT", "33");

        assertThat(new Settings(PitstopConfig.load(file, environment)).lines())
                .noneMatch(line -> line.replace(folder.toString(), "").matches(".*(geheim|7777|33).*"))
                .anyMatch(line -> line.matches(" +environments.variables.db_password +\\$\\{S}"))
                .anyMatch(line -> line.matches(" +environments.variables.size +small"))
                .anyMatch(line -> line.matches(" +traffic.terraform +\\$\\{S}/traffic"))
                .anyMatch(line -> line.matches(" +traffic.backend.bucket +\\$\\{S}"))
                .anyMatch(line -> line.matches(" +traffic.shift.steps +\\[5, \\$\\{PERCENT}, 100]"))
                .anyMatch(line -> line.matches(" +smoke\\[2].load.for +\\$\\{N}s"))
                .anyMatch(line -> line.matches(" +gates\\[0].http.expect +200"))
                .anyMatch(line -> line.matches(" +notifications\\[0].slack.url +\\$\\{S}"))
                .anyMatch(line -> line.matches(" +notifications\\[0].slack.on +\\[rolled-back]"))
                .anyMatch(line -> line.matches(" +notifications\\[1].teams.url +https://teams.example/\\.\\.\\."))
                .anyMatch(line -> line.matches(" +notifications\\[2].post.tokenVariable +HOOK_TOKEN"));
    }

    @Test
    void another_value_of_a_variable_shows_by_its_mark_only() throws IOException {
        Map<String, String> gates = gates("1");

        assertThat(gates)
                .containsEntry("gates[0].http.expect", "200")
                .hasEntrySatisfying("gates[1].router.errors", mark -> assertThat(mark)
                        .matches("\\$\\{PERCENT}% \\(variable, #[0-9a-f]{4}\\)"));
        assertThat(gates("1")).isEqualTo(gates);
        assertThat(gates("2").get("gates[1].router.errors")).isNotEqualTo(gates.get("gates[1].router.errors"));
        assertThat(gates.keySet()).allMatch(name -> name.startsWith("gates["));
    }

    private Map<String, String> gates(String percent) throws IOException {
        Path file = Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "jdbc:postgresql://127.0.0.1/blog" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                gates:
                  - http: { path: /health, expect: 200 }
                  - router: { errors: "${PERCENT}%" }
                """);
        return new Settings(PitstopConfig.load(file, Map.of("PERCENT", percent))).marked("gates");
    }
}
