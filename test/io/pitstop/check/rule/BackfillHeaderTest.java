package io.pitstop.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.check.Repository;
import io.pitstop.check.finding.Finding;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts do not know each other, so the rules read the head of a backfill by themselves: they must agree with it. */
class BackfillHeaderTest {
    private static final Set<String> REFUSALS = Set.of("backfill-header", "backfill-unbounded");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-- backfill: table=t key=id\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE id BETWEEN :from AND :to AND a IS NULL;",
                "--backfill:table=t\n--remaining:select count(*) from t;\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t walk=heap batch=20ms\n-- remaining: WITH x AS (SELECT) SELECT count(*) FROM x\nUPDATE t SET a = 1 WHERE :batch(t) AND a IS NULL;",
                "-- remaining: SELECT count(*) FROM t\n/* later */\n-- backfill: table=s.t key=a,b walk=key\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t key=id\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: tabel=t\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: key=id\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill:\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t table=u\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t key=id,\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t key=,id\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t walk=heap key=id\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t walk=down\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t batch=0ms\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t\n-- remaining: DELETE FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t\n-- remaining:\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE id BETWEEN :from AND :to AND a IS NULL;",
                "-- backfill: table=t\n-- backfill: table=t\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE :batch AND a IS NULL;",
                "-- backfill: table=t key=id\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE a IS NULL;",
                "-- backfill: table=t key=id\n-- remaining: SELECT count(*) FROM t\nUPDATE t SET a = 1 WHERE id > :from AND a IS NULL;",
                "-- backfill: table=t key=id\n-- remaining: SELECT count(*) FROM t\n"
            })
    void what_check_finds_the_backfill_refuses_and_nothing_else(String text) throws Exception {
        Repository repository = new Repository(folder, "-- db/backfill/B1__x.sql:\n" + text + "\n");

        List<Finding> found = repository.judge().all().stream()
                .filter(finding -> REFUSALS.contains(finding.rule()))
                .toList();

        assertThat(!found.isEmpty())
                .as(text + "\n" + found)
                .isEqualTo(isRefused(folder.resolve("db/backfill/B1__x.sql")));
    }

    private static boolean isRefused(Path file) throws IOException {
        try {
            return BackfillFile.read(file).statements().isEmpty();
        } catch (InvalidConfig refused) {
            return true;
        }
    }
}
