package io.pitstop.step;

import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.archive.Archives;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleTest {
    @TempDir
    private Path folder;

    @Test
    void a_whole_release_tells_of_its_scripts_and_of_what_is_kept() {
        Chronicle.Account account = new PlayedReleases(folder).complete();

        assertThat(account.scripts())
                .extracting(script -> script.phase() + " " + script.name())
                .containsExactly(
                        "expand V1__posts.sql",
                        "expand V2__author_id.sql",
                        "finish V2__index.sql",
                        "contract V2__drop.sql");
        assertThat(account.kept()).singleElement().satisfies(kept -> {
            assertThat(kept.what()).isEqualTo("public.posts (author_name)");
            assertThat(kept.rows()).isEqualTo(2_000);
            assertThat(kept.state()).isEqualTo("dropped");
        });
        assertThat(account.silent()).isEmpty();
        assertThat(account.now()).isAfter(account.status().openedAt());
    }

    @Test
    void scripts_of_earlier_releases_are_not_those_of_this_one() {
        Situation at = new Situation();
        at.sql(folder, "migration/V1__posts.sql", "CREATE TABLE posts (id int);");
        new MigrateExpand(
                        at.journal,
                        at.router,
                        at.environments,
                        at.expand(folder),
                        at.contract(folder),
                        at.safety(folder, line -> {}))
                .run(NONE, java.util.Optional.of("2"));
        at.rollback().run(NONE, true);
        at.journal.open("3", "1", io.pitstop.release.Colour.GREEN);

        assertThat(chronicle(at).read(NONE).orElseThrow().scripts()).isEmpty();
    }

    @Test
    void a_history_that_cannot_be_read_is_said_and_hides_nothing_else() {
        Situation at = new Situation().given(EXPANDED);
        at.sql(folder, "migration/V1__a.sql", "SELECT 1;");
        at.sql(folder, "migration/V1__b.sql", "SELECT 1;");

        Chronicle.Account account = chronicle(at).read(NONE).orElseThrow();

        assertThat(account.status().facts()).containsKey("expanded");
        assertThat(account.silent())
                .singleElement()
                .asString()
                .startsWith("The history of migrations cannot be read: ")
                .contains("V1__");
    }

    @Test
    void without_a_release_there_is_nothing_to_tell() {
        assertThat(chronicle(new Situation()).read(NONE)).isEmpty();
    }

    private Chronicle chronicle(Situation at) {
        return new Chronicle(
                new Status(at.journal, at.router, Duration.ZERO, Set.of()),
                List.of(at.expand(folder), at.finish(folder), at.contract(folder)),
                new Archives(at.server.database(), "blog"),
                at.journal);
    }
}
