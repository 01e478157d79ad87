package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.cli.output.LogLines;
import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.ReleaseJournal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines as a log collector gets them. */
class LogLinesTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void each_line_is_an_object_with_what_is_known() throws Exception {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        Map<String, String> environment = Map.of(
                "BUILD_TAG", "jenkins-blog-7",
                "TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        LogLines.Pair lines = LogLines.over(out, err, environment, new String[] {"backfill", "--workers", "2"}, NOON);

        lines.out().print("  half a line, ");
        assertThat(out).isEmpty();
        lines.out().println("then \"the rest\"\n\n  warning: slow");
        lines.err().println("pitstop: no");

        List<String> said = out.toString().lines().toList();
        assertThat(said)
                .containsExactly(
                        "{\"time\":\"2026-01-01T12:00:00Z\",\"level\":\"info\","
                                + "\"message\":\"half a line, then \\\"the rest\\\"\",\"step\":\"backfill\","
                                + "\"build\":\"jenkins-blog-7\",\"traceId\":\"0af7651916cd43dd8448eb211c80319c\","
                                + "\"spanId\":\"b7ad6b7169203331\"}",
                        said.get(1));
        JsonNode warning = new ObjectMapper().readTree(said.get(1));
        assertThat(warning.path("level").asText()).isEqualTo("warn");
        assertThat(warning.path("message").asText()).isEqualTo("slow");
        assertThat(new ObjectMapper().readTree(err.toString()).path("level").asText())
                .isEqualTo("error");
    }

    @Test
    void a_real_step_names_the_release_that_it_works_on_and_prints_nothing_else() throws Exception {
        TestDatabase database = TestDatabase.create();
        SmallConfig.write(folder, database.url());
        new ReleaseJournal(database.database(), "blog", new Actor("ann", "", "here")).open("2", "1", Colour.GREEN);
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("PITSTOP_LOG", "json");

        Ended ended = new AgentProcess(folder, environment).run("backfill");

        assertThat(ended.output().lines()).isNotEmpty().allSatisfy(line -> {
            JsonNode entry = new ObjectMapper().readTree(line);
            assertThat(entry.path("step").asText()).isEqualTo("backfill");
            assertThat(entry.path("message").asText()).isNotBlank();
        });
        assertThat(ended.output()).contains("\"release\":\"blog-2-1\"");
    }
}
