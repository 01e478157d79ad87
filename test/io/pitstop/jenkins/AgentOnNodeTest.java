package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.jenkins.BuildNode.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pitstop.sh, run by the shell of a build, gets the agent from an artifact repository on the loopback address. */
class AgentOnNodeTest {
    @TempDir
    private Path folder;

    private BuildNode node;
    private ArtifactServer artifacts;
    private String checksum;

    @BeforeEach
    void anArtifactRepository() throws Exception {
        node = new BuildNode(folder);
        Path archive = node.archive("pitstop-0.1.0");
        checksum = node.sha256(archive);
        artifacts = ArtifactServer.start(Files.readAllBytes(archive));
    }

    @AfterEach
    void stop() {
        artifacts.close();
    }

    @Test
    void the_path_comes_first() throws Exception {
        node.install("on the path", node.bin());
        node.set("PITSTOP_AGENT", node.install("configured", folder.resolve("opt/pitstop")));
        download("/ok");

        assertThat(node.run().output()).contains("agent on the path");
        assertThat(artifacts.requests()).isEmpty();
    }

    @Test
    void a_path_that_was_given_comes_second() throws Exception {
        Path opt = node.install("configured", folder.resolve("opt/pitstop"));
        download("/ok");

        for (Path given : List.of(opt, opt.resolve("pitstop"))) {
            node.set("PITSTOP_AGENT", given);
            assertThat(node.run().output()).contains("agent configured");
        }
        assertThat(artifacts.requests()).isEmpty();
    }

    @Test
    void a_tool_may_hold_the_agent_in_the_folder_that_its_archive_had() throws Exception {
        node.install("unpacked by jenkins", folder.resolve("tools/a tool/pitstop-0.1.0"));
        node.set("PITSTOP_AGENT", folder.resolve("tools/a tool"));

        assertThat(node.run().output()).contains("agent unpacked by jenkins");
    }

    @Test
    void a_path_that_leads_nowhere_is_named() throws Exception {
        node.set("PITSTOP_AGENT", "/opt/\"quoted\" \\ nothing");

        Ended ended = node.run();

        refused(2, ended, "PITSTOP_AGENT is '/opt/\"quoted\" \\ nothing'");
        assertThat(ended.result().path("message").asText()).contains("'/opt/\"quoted\" \\ nothing'");
    }

    @Test
    void without_any_of_them_it_says_what_to_do() throws Exception {
        refused(2, node.run(), "no pitstop on the PATH", "set PITSTOP_AGENT, PITSTOP_TOOL, or PITSTOP_AGENT_URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void a_download_is_verified_and_kept_for_the_next_build(String program) throws Exception {
        node.without(program.equals("curl") ? "wget" : "curl");
        download("/redirect");

        assertThat(node.run().output()).contains("getting the agent from " + artifacts.address(), "agent downloaded");
        assertThat(node.run().output()).contains("agent downloaded").doesNotContain("getting");

        assertThat(artifacts.requests()).containsExactly("/redirect", "/ok");
        assertThat(cache()).containsExactly(checksum);
    }

    @Test
    void a_file_is_an_address_too() throws Exception {
        node.set("PITSTOP_AGENT_URL", "file://" + node.archive("pitstop-0.1.0"));
        node.set("PITSTOP_AGENT_SHA256", checksum.toUpperCase(java.util.Locale.ROOT));

        assertThat(node.run().output()).contains("agent downloaded");
    }

    @Test
    void the_log_of_the_build_shows_the_command_alone() throws Exception {
        download("/ok");
        node.run();

        assertThat(node.run().output()).isEqualTo("+ pitstop backfill\nagent downloaded: backfill\n");
    }

    @Test
    void two_builds_that_start_at_once_both_get_it_whole() throws Exception {
        download("/together");

        Process first = node.start();
        Process second = node.start();

        for (Process build : List.of(first, second)) {
            Ended ended = node.end(build);
            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(ended.output()).contains("agent downloaded");
        }
        assertThat(artifacts.requests()).containsExactly("/together", "/together");
        assertThat(cache()).containsExactly(checksum);
        assertThat(node.cache().resolve(checksum)).isDirectoryNotContaining(file -> !file.endsWith("pitstop-0.1.0"));
    }

    @Test
    void another_file_than_the_pinned_one_is_not_used() throws Exception {
        download("/ok");
        node.set("PITSTOP_AGENT_SHA256", "0".repeat(64));

        refused(5, node.run(), "the checksum " + checksum + " instead of " + "0".repeat(64), "PITSTOP_AGENT_SHA256");
        assertThat(cache()).isEmpty();

        node.set("PITSTOP_AGENT_SHA256", checksum);
        assertThat(node.run().output()).contains("agent downloaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void a_download_that_breaks_off_is_not_used(String program) throws Exception {
        node.without(program.equals("curl") ? "wget" : "curl");
        download("/broken-off");

        refused(5, node.run(), "could not be got");
        assertThat(cache()).isEmpty();
    }

    @Test
    void a_file_that_is_shorter_than_it_should_be_is_not_used() throws Exception {
        download("/half");

        refused(5, node.run(), "it is cut off, damaged or another version");
        assertThat(cache()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void a_repository_that_does_not_have_it_is_named_with_its_answer(String program) throws Exception {
        node.without(program.equals("curl") ? "wget" : "curl");
        download("/missing");

        refused(5, node.run(), "could not be got from " + artifacts.address() + "/missing", "404");
    }

    @Test
    void an_archive_without_an_agent_is_not_used() throws Exception {
        Path other = node.archiveOf("readme", "Nothing to run.");
        node.set("PITSTOP_AGENT_URL", "file://" + other);
        node.set("PITSTOP_AGENT_SHA256", node.sha256(other));

        refused(2, node.run(), "right checksum, but holds no pitstop");

        Path page = Files.writeString(folder.resolve("page.html"), "<html>Sign in</html>");
        node.set("PITSTOP_AGENT_URL", "file://" + page);
        node.set("PITSTOP_AGENT_SHA256", node.sha256(page));
        refused(2, node.run(), "holds no pitstop", "not in gzip format");
        assertThat(cache()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void an_interrupted_download_leaves_nothing_half_done(String signal) throws Exception {
        download("/stuck");
        Process build = node.start();
        assertThat(artifacts.stuck().await(30, TimeUnit.SECONDS)).isTrue();

        node.signalGroup(build, signal);

        assertThat(node.end(build).exitCode()).isNotZero();
        if (signal.equals("TERM")) {
            eventuallyEmpty();
        }
        assertThat(cache()).allMatch(name -> name.startsWith("new."));
        download("/ok");
        assertThat(node.run().output()).contains("agent downloaded");
    }

    @Test
    void what_a_killed_download_left_is_removed_some_days_later() throws Exception {
        Path old = Files.createDirectories(node.cache().resolve("new.killed/agent"));
        Files.setLastModifiedTime(old.getParent(), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        Path running = Files.createDirectories(node.cache().resolve("new.running"));
        download("/ok");

        node.run();

        assertThat(old).doesNotExist();
        assertThat(running).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void nobody_sees_the_credentials_in_the_address(String program) throws Exception {
        node.without(program.equals("curl") ? "wget" : "curl");
        String secretly =
                artifacts.address().replace("://", "://ci:s3cret-pass@") + "/stuck?X-Signature=s3cret-signature";
        node.set("PITSTOP_AGENT_URL", secretly);
        node.set("PITSTOP_AGENT_SHA256", checksum);
        Process build = node.start();
        assertThat(artifacts.stuck().await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(commandLines()).anyMatch(line -> line.contains(program)).noneMatch(line -> line.contains("s3cret"));
        node.signalGroup(build, "TERM");
        node.end(build);

        node.set("PITSTOP_AGENT_URL", secretly.replace("stuck", "locked"));
        assertThat(node.run().output()).contains("agent downloaded").doesNotContain("s3cret");
        node.set("PITSTOP_AGENT_SHA256", "0".repeat(64));
        Ended refused = node.run();
        refused(5, refused, "instead of");
        node.set("PITSTOP_AGENT_URL", secretly.replace("stuck", "missing"));
        Ended missing = node.run();
        refused(5, missing, "404");
        assertThat(refused.output() + refused.result() + missing.output() + missing.result())
                .contains("://...@127.0.0.1", "?...")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "0123456789"})
    void a_download_without_a_checksum_is_refused(String given) throws Exception {
        download("/ok");
        node.set("PITSTOP_AGENT_SHA256", given);

        refused(2, node.run(), "PITSTOP_AGENT_SHA256 is '" + given + "'");
        assertThat(artifacts.requests()).isEmpty();
    }

    @Test
    void a_cache_that_cannot_be_written_is_named() throws Exception {
        download("/ok");
        node.set("PITSTOP_CACHE", Files.writeString(folder.resolve("a file"), ""));

        refused(2, node.run(), "the cache " + folder.resolve("a file"), "Set PITSTOP_CACHE");
    }

    @Test
    void a_cache_that_holds_something_else_is_named() throws Exception {
        Files.createDirectories(node.cache().resolve(checksum).resolve("something"));
        download("/ok");

        refused(2, node.run(), "holds something else than the agent", "Remove it");
    }

    @Test
    void a_node_that_cannot_download_says_so() throws Exception {
        node.without("curl");
        node.without("wget");
        download("/ok");

        refused(5, node.run(), "neither curl nor wget is on the PATH");
    }

    @Test
    void an_unknown_kind_of_address_is_named() throws Exception {
        node.set("PITSTOP_AGENT_URL", "s3://bucket/pitstop.tar.gz");
        node.set("PITSTOP_AGENT_SHA256", checksum);

        refused(5, node.run(), "s3://bucket/pitstop.tar.gz", "neither an https, an http nor a file address");
    }

    @Test
    void shellcheck_finds_nothing() throws Exception {
        Assumptions.assumeTrue(BuildNode.has("shellcheck"), "shellcheck is not installed: its rules are not checked.");

        Process shellcheck = new ProcessBuilder("shellcheck", BuildNode.SCRIPT.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(shellcheck.getInputStream().readAllBytes())).isEmpty();
    }

    private void download(String path) {
        node.set("PITSTOP_AGENT_URL", artifacts.address() + path);
        node.set("PITSTOP_AGENT_SHA256", checksum);
    }

    /** The shell that cleans up may outlive its build by a moment. */
    private void eventuallyEmpty() throws Exception {
        for (int i = 0; i < 100 && !cache().isEmpty(); i++) {
            Thread.sleep(100);
        }
        assertThat(cache()).isEmpty();
    }

    private List<String> cache() throws IOException {
        if (!Files.exists(node.cache())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(node.cache())) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static void refused(int exitCode, Ended ended, String... why) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
        assertThat(ended.output()).contains(why).contains("Next: ").doesNotContain("agent downloaded");
        JsonNode result = ended.result();
        assertThat(result.path("exitCode").asInt()).isEqualTo(exitCode);
        assertThat(result.path("message").asText() + " " + result.path("hint").asText())
                .contains(why);
    }

    /** The arguments of all processes, as any user of the machine can read them. */
    private static List<String> commandLines() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(process -> process.resolve("cmdline"))
                    .filter(Files::isReadable)
                    .map(AgentOnNodeTest::content)
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
