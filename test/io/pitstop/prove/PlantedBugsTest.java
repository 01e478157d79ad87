package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes planted in the agent, one at a time: the proof finds each. By default the first of them, since each takes a release;
 * all of them with PITSTOP_PROVE=all in the environment.
 */
@ExtendWith(TestSite.Shared.class)
class PlantedBugsTest {
    private static final int SAMPLE = 1;

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

    @ParameterizedTest
    @MethodSource("bugs")
    void a_planted_bug_is_found(PlantedBug bug, TestSite site) throws IOException {
        Path classes = folder.resolve("classes");
        bug.plant(classes, TestSite.classpath());
        String classpath = classes + File.pathSeparator + TestSite.classpath();

        RunResult result = TestSite.run(1, logs)
                .run(
                        () -> site.site().next(TestSite.agent(classpath)),
                        bug.trial(site.undisturbed().points()),
                        site.undisturbed().shape());

        assertThat(result.findings())
                .as(bug.name())
                .isNotEmpty()
                .noneMatch(finding -> finding.startsWith(RunResult.BROKEN));
    }
}
