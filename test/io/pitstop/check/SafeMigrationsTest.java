package io.pitstop.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.finding.Findings;
import io.pitstop.check.script.Version;
import io.pitstop.check.trial.TrialJudge;
import io.pitstop.check.trial.Trials;
import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ordinary migrations, release by release: nothing is found in them, and PostgreSQL runs them. */
class SafeMigrationsTest {
    private static final Pattern NAME = Pattern.compile("db/(\\w+)/[VB](\\d+)[._].*");
    private static final List<String> PHASES = List.of("migration", "backfill", "finish", "contract");

    @TempDir
    private Path folder;

    /** @param number of the release that it belongs to */
    record Script(String name, int number, String sql) {
        String phase() {
            return name.split("/")[1];
        }
    }

    static Stream<Integer> releases() throws IOException {
        return byRelease().keySet().stream();
    }

    @Test
    void there_are_enough_of_them() throws IOException {
        assertThat(byRelease().values().stream().mapToInt(List::size).sum()).isGreaterThanOrEqualTo(60);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void nothing_is_found_in_a_release(int number) throws IOException {
        assertThat(judge(number, TrialJudge.off()).all()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void nothing_is_seen_when_a_release_is_tried(int number) throws IOException {
        Findings findings = judge(number, Trials.of());

        assertThat(findings.all()).isEmpty();
        assertThat(findings.notes()).singleElement().asString().startsWith("tried on PostgreSQL");
    }

    private Findings judge(int number, TrialJudge trial) throws IOException {
        String text = byRelease().entrySet().stream()
                .filter(release -> release.getKey() <= number)
                .flatMap(release -> release.getValue().stream())
                .filter(script -> script.number == number || !script.phase().equals("backfill"))
                .map(script -> "-- " + script.name + "\n" + script.sql)
                .collect(Collectors.joining());

        Selection since = Selection.since(Version.of(number - 1 + ".99").orElseThrow());
        return new Repository(folder, text).tried(trial).judge(since);
    }

    @Test
    void all_of_them_run_on_postgresql() throws IOException {
        TestDatabase database = TestDatabase.create();
        for (List<Script> release : byRelease().values()) {
            for (Script script : release) {
                database.execute(script.sql.replaceAll(":from\\b", "1").replaceAll(":to\\b", "1000"));
            }
        }

        assertThat(database.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isEqualTo("0");
    }

    private static Map<Integer, List<Script>> byRelease() throws IOException {
        Map<Integer, List<Script>> releases = new TreeMap<>();
        String text = Files.readString(Path.of("test/io/pitstop/check/safe-migrations.sql"));
        for (String part : text.split("(?m)^-- (?=db/)")) {
            Matcher name = NAME.matcher(part.lines().findFirst().orElseThrow());
            if (name.matches()) {
                int number = Integer.parseInt(name.group(2));
                String sql = part.substring(part.indexOf('\n') + 1);
                releases.computeIfAbsent(number, key -> new ArrayList<>()).add(new Script(name.group(), number, sql));
            }
        }
        for (List<Script> release : releases.values()) {
            release.sort((a, b) -> PHASES.indexOf(a.phase()) - PHASES.indexOf(b.phase()));
        }
        return releases;
    }
}
