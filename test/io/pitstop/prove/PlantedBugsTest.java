package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.prove.place.Site;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes planted in the agent, one at a time: the proof finds each. By default the first of them, since each takes a release;
 * all of them with PITSTOP_PROVE=all in the environment.
 */
class PlantedBugsTest {
    private static final int SAMPLE = 1;

    private static Site site;
    private static ProveRun prove;
    private static ProveRun.Undisturbed undisturbed;

    @TempDir
    private static Path logs;

    @TempDir
    private Path folder;

    static Stream<PlantedBug> bugs() {
        String wanted = System.getenv().getOrDefault("PITSTOP_PROVE", "");
        return wanted.isEmpty()
                ? PlantedBug.all().stream().limit(SAMPLE)
                : PlantedBug.all().stream()
                        .filter(bug -> wanted.equals("all") || bug.name().matches(wanted));
    }

    @BeforeAll
    static void a_release_without_a_mistake_comes_through() {
        ProveRun.Options options =
                new ProveRun.Options(1, 1, Optional.empty(), Optional.empty(), Duration.ofHours(2), 40);
        prove = new ProveRun(options, logs, new PrintWriter(System.out));
        site = TestSite.open();
        undisturbed = prove.undisturbed(site);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void a_planted_bug_is_found(PlantedBug bug) throws IOException {
        Path classes = folder.resolve("classes");
        bug.plant(classes, TestSite.classpath());
        String classpath = classes + File.pathSeparator + TestSite.classpath();

        RunResult result = prove.run(
                () -> site.next(TestSite.agent(classpath)), bug.trial(undisturbed.points()), undisturbed.shape());

        assertThat(result.findings()).as(bug.name()).isNotEmpty();
    }
}
