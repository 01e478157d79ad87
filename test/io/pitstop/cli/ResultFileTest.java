package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.step.StepResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result file whose folder fills up while the step runs. */
class ResultFileTest {
    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void a_step_that_is_done_but_cannot_say_so_is_to_be_run_again() throws IOException {
        ResultFile result = prepared();
        block();

        assertThatThrownBy(() -> result.write(new Done("blog-2-1", "Done."), List.of()))
                .isInstanceOfSatisfying(DependencyFailed.class, failure -> {
                    assertThat(failure)
                            .hasMessageStartingWith("The step is done, but")
                            .hasMessageContaining("out.json");
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
    void an_old_result_does_not_pass_for_ours() throws IOException {
        Files.writeString(folder.resolve("out.json"), "{}");

        prepared();

        assertThat(folder.resolve("out.json")).doesNotExist();
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
