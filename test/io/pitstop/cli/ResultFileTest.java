package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.cli.output.ResultFile;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
import io.pitstop.step.StepResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result file whose folder fills up while the step runs. */
class ResultFileTest {
    @TempDir
    private Path folder;

    private static final Release RELEASE = new Release(
            "blog-2-1",
            "blog",
            "2",
            "1",
            Colour.GREEN,
            Instant.EPOCH,
            Map.of(Fact.BACKFILLED, Instant.EPOCH, Fact.EXPANDED, Instant.EPOCH),
            Optional.empty());

    private final StringWriter err = new StringWriter();

    @Test
    void a_step_that_is_done_but_cannot_say_so_is_to_be_run_again() throws IOException {
        ResultFile result = prepared();
        block();

        assertThatThrownBy(() -> result.write(done())).isInstanceOfSatisfying(DependencyFailed.class, failure -> {
            assertThat(failure).hasMessageStartingWith("The step is done, but").hasMessageContaining("out.json");
            assertThat(failure.hint()).contains("run the step again");
        });
    }

    @Test
    void a_failure_that_cannot_be_written_stays_the_failure_it_is() throws IOException {
        ResultFile result = prepared();
        block();

        result.write(new OutcomeUnknown("Nobody knows who serves users.", "Look."), new PrintWriter(err, true));

        assertThat(err).asString().contains("out.json cannot be written");
    }

    @Test
    void a_result_tells_what_was_released_and_what_holds_now() throws IOException {
        prepared().write(done());

        assertThat(written())
                .isEqualTo(
                        "{\"command\":\"backfill\",\"agent\":\"unpackaged\",\"release\":\"blog-2-1\",\"message\":\"Done.\","
                                + "\"application\":\"blog\",\"version\":\"2\",\"facts\":[\"expanded\",\"backfilled\"]}");
    }

    @Test
    void a_refusal_names_the_release_that_is_in_the_way() throws IOException {
        MoveRefused refusal = MoveRefused.busy("blog-1-1", "Release blog-1-1 is unfinished.", "Finish it.");

        prepared().write(refusal, new PrintWriter(err, true));

        assertThat(written()).contains("\"agent\":\"unpackaged\"", "\"exitCode\":3", "\"busy\":\"blog-1-1\"");
    }

    @Test
    void another_refusal_names_none() throws IOException {
        prepared().write(new MoveRefused("Not yet.", "Wait."), new PrintWriter(err, true));

        assertThat(written()).doesNotContain("busy");
    }

    @Test
    void an_old_result_does_not_pass_for_ours() throws IOException {
        Files.writeString(folder.resolve("out.json"), "{}");

        prepared();

        assertThat(folder.resolve("out.json")).doesNotExist();
    }

    private static ObjectNode done() {
        return StepCommand.result(new Done("blog-2-1", "Done."), Optional.of(RELEASE));
    }

    private String written() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("out.json").toFile()).toString();
    }

    private ResultFile prepared() {
        ResultFile result = new ResultFile(Optional.of(folder.resolve("out.json")), "backfill");
        result.prepare();
        return result;
    }

    /** No file can be written where a folder is. */
    private void block() throws IOException {
        Files.createDirectory(folder.resolve("out.json.new"));
    }

    private record Done(String release, String message) implements StepResult {}
}
