package io.pitstop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One entry of the smoke section, read from a file; the environment holds STAGE=test. */
class SmokeConfigTest {
    @TempDir
    Path folder;

    @Test
    void a_command_is_left_to_the_shell_as_written() throws IOException {
        assertThat(read("command: curl --fail ${PITSTOP_URL}/health?stage=${STAGE}"))
                .isEqualTo(new SmokeConfig.Command(
                        "curl --fail ${PITSTOP_URL}/health?stage=${STAGE}", Duration.ofMinutes(10)));
    }

    @Test
    void a_variable_in_a_path_is_filled_in() throws IOException {
        assertThat(read("http: { path: '/health?stage=${STAGE}' }"))
                .isEqualTo(new SmokeConfig.Http("/health?stage=test", 200, Optional.empty(), Duration.ofSeconds(10)));
    }

    @Test
    void what_cannot_be_requested_or_waited_for_is_refused_by_line() {
        assertThatThrownBy(() -> read("http: { path: health }"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:1")
                .hasMessageContaining("'health'");
        assertThatThrownBy(() -> read("http: { path: '/a b' }")).hasMessageContaining("'/a b'");
        assertThatThrownBy(() -> read("load: { path: /posts, rate: 100/s, for: 0s }"))
                .hasMessageContaining("'0s'");
        assertThatThrownBy(() -> read("command: ' '")).hasMessageContaining("command is empty");
    }

    private SmokeConfig read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("pitstop.yml"), yaml);
        return SmokeConfig.from(new ConfigFile(file, Map.of("STAGE", "test")).read());
    }
}
