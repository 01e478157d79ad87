package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes of planted.txt, without a release. */
class PlantedBugTest {
    @TempDir
    private Path folder;

    @Test
    void there_are_twenty_of_them_at_least_and_each_fits_the_source() throws IOException {
        assertThat(PlantedBug.all()).hasSizeGreaterThanOrEqualTo(20);
        for (PlantedBug bug : PlantedBug.all()) {
            bug.plant(folder.resolve(bug.name().replace(' ', '-')).resolve("classes"), TestSite.classpath());
        }
    }
}
