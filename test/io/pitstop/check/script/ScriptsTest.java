package io.pitstop.check.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.MigrationsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {
    @TempDir
    private Path folder;

    @Test
    void they_come_in_the_order_in_which_they_run() throws IOException {
        files(
                "contract/V1__drop.sql",
                "expand/R__views.sql",
                "expand/V10__ten.sql",
                "expand/deeper/V2.1__in_a_folder.sql",
                "expand/V2__two.sql",
                "backfill/B2__b.sql",
                "backfill/B10__a.sql",
                "finish/V3__index.sql");

        assertThat(Scripts.in(config()))
                .extracting(script -> script.path().getFileName().toString())
                .containsExactly(
                        "V2__two.sql",
                        "V2.1__in_a_folder.sql",
                        "V10__ten.sql",
                        "R__views.sql",
                        "B10__a.sql",
                        "B2__b.sql",
                        "V3__index.sql",
                        "V1__drop.sql");
    }

    @Test
    void what_is_not_sql_is_passed_over_as_are_folders_below_the_backfill() throws IOException {
        files("expand/README.md", "expand/V1__a.sql.conf", "backfill/later/B1__a.sql");

        assertThat(Scripts.in(config())).isEmpty();
    }

    @Test
    void flyway_takes_these_names_for_scripts() {
        assertThat(ScriptFile.of(Path.of("V1_2__a b.sql"), Phase.EXPAND).version())
                .contains(new Version(java.util.List.of(java.math.BigInteger.ONE, java.math.BigInteger.TWO)));
        assertThat(ScriptFile.of(Path.of("R__a.sql"), Phase.EXPAND).namedWell()).isTrue();
        assertThat(ScriptFile.of(Path.of("R__a.sql"), Phase.EXPAND).version()).isEmpty();
        assertThat(ScriptFile.of(Path.of("V1_a.sql"), Phase.EXPAND).namedWell()).isFalse();
        assertThat(ScriptFile.of(Path.of("anything.sql"), Phase.BACKFILL).namedWell())
                .isTrue();
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "SELECT 1;");
        }
    }

    private MigrationsConfig config() {
        return new MigrationsConfig(
                folder.resolve("expand"),
                folder.resolve("backfill"),
                folder.resolve("finish"),
                folder.resolve("contract"),
                folder.resolve("restore"));
    }
}
