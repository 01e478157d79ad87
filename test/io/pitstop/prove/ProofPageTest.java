package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.InvalidConfig;
import io.pitstop.prove.wire.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proof of one release that came through and one that did not. */
class ProofPageTest {
    @TempDir
    private Path folder;

    private final Proof proof = new Proof(600);

    ProofPageTest() {
        proof.add(result(1, List.of()));
        proof.add(result(2, List.of("a write was lost")));
    }

    @Test
    void the_figures_stand_between_the_marks_and_nothing_else_changes() throws IOException {
        Path page = Files.writeString(
                folder.resolve("proof.md"),
                "before\n<!-- figures of pitstop prove -->\nold\n<!-- end of figures -->\nafter\n");

        proof.writeTo(page);

        assertThat(Files.readString(page))
                .startsWith("before\n<!-- figures of pitstop prove -->\n")
                .endsWith("<!-- end of figures -->\nafter\n")
                .doesNotContain("old")
                .contains("1 of 2 releases came through, not seeds [2].")
                .contains("| all | 2 | 1 | 2 | 200 | 60 | 0 | 8 | 0 | 0 | 31 ms |")
                .contains("| no fault | 2 | 1 | 137 |");
    }

    @Test
    void the_page_of_the_documentation_has_the_marks() throws IOException {
        Path page = Files.copy(Path.of("docs/proof.md"), folder.resolve("copy.md"));

        proof.writeTo(page);

        assertThat(page).content().contains("| all | 2 |");
    }

    @Test
    void a_page_without_marks_is_refused() throws IOException {
        Path page = Files.writeString(folder.resolve("other.md"), "text");

        assertThatThrownBy(() -> proof.writeTo(page)).isInstanceOf(InvalidConfig.class);
    }

    private static RunResult result(long seed, List<String> findings) {
        Trial trial = new Trial(seed, Harmless.NONE, Step.DEPLOY, "terraform apply", 1, Side.AFTER, false);
        return new RunResult(trial, true, 137, 1, 100, 30, 0, 4, 0, 0, 31, 9.5, findings);
    }
}
