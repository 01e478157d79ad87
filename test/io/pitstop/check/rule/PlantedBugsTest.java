package io.pitstop.check.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pitstop.check.Repository;
import io.pitstop.check.finding.Finding;
import io.pitstop.database.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each rule a migration that hurts a running application on a real PostgreSQL when it is just run, and that check
 * finds. What cannot be made to hurt in a test is found too, and planted.txt says why it cannot be seen.
 */
class PlantedBugsTest {
    /** A lock that is held for a moment is not seen that long; 200,000 rows cannot be read in less. */
    private static final double STALL_MS = 5;

    private static final long BEHIND_MS = 150;

    @TempDir
    private Path folder;

    static Stream<Planted> all() throws IOException {
        return Planted.all().stream();
    }

    static Stream<Planted> stalls() throws IOException {
        return hurting("stalls");
    }

    static Stream<Planted> breaks() throws IOException {
        return hurting("breaks");
    }

    static Stream<Planted> changes() throws IOException {
        return hurting("changes");
    }

    static Stream<Planted> fails() throws IOException {
        return hurting("fails");
    }

    @Test
    void there_is_one_for_each_rule_and_most_of_them_can_be_seen() throws IOException {
        assertThat(all().map(Planted::rule))
                .containsExactlyInAnyOrderElementsOf(
                        Rules.all().stream().map(Rule::id).toList());
        assertThat(all().filter(each -> !each.hurt().equals(Planted.UNSEEN))).hasSizeGreaterThanOrEqualTo(70);
    }

    @ParameterizedTest
    @MethodSource("all")
    void it_is_found(Planted bug) throws Exception {
        assertThat(new Repository(folder, bug.text()).judge().all())
                .extracting(Finding::rule)
                .contains(bug.rule());
    }

    @ParameterizedTest
    @MethodSource("stalls")
    void the_application_waits_for_it(Planted bug) throws Exception {
        double least = bug.behind().isPresent() ? BEHIND_MS : STALL_MS;
        double longest = 0;
        // On a busy machine the application may not ask, or the watch not look, in the moment of the lock.
        for (int run = 0; run < 3 && longest <= least; run++) {
            longest = Math.max(longest, wait(bug));
        }
        assertThat(longest).as("ms that the application waited").isGreaterThan(least);
    }

    private double wait(Planted bug) throws Exception {
        PlantedWorld world = bug.behind().isPresent() ? PlantedWorld.small() : PlantedWorld.large();
        world.prepare(folder, bug.text());

        try (Traffic traffic = Traffic.of(world.server(), bug.says());
                Connection somebody = world.server().connect();
                Connection migration = world.server().connect();
                StallWatch watch = StallWatch.of(migration, world.server())) {
            assertThat(traffic.failures()).isEmpty();
            if (bug.behind().isPresent()) {
                begin(somebody, bug.behind().get());
            }
            CompletableFuture<Throwable> run =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> world.run(folder, migration)));
            if (bug.behind().isPresent()) {
                TimeUnit.MILLISECONDS.sleep(BEHIND_MS * 3);
                somebody.rollback();
            }
            assertThat(run.get(30, TimeUnit.SECONDS)).isNull();
            return watch.longestMs();
        }
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void the_application_fails_after_it(Planted bug) throws Exception {
        PlantedWorld world = PlantedWorld.small();
        world.prepare(folder, bug.text());
        try (Traffic traffic = Traffic.of(world.server(), bug.says(), PlantedWorld.APPLICATION);
                Connection migration = world.server().connect()) {
            assertThat(traffic.failures()).isEmpty();
            world.run(folder, migration);
            traffic.await(10);
            assertThat(traffic.failures()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void the_application_gets_another_answer_after_it(Planted bug) throws Exception {
        PlantedWorld world = PlantedWorld.small();
        world.prepare(folder, bug.text());
        String before = world.answer(bug.says());
        boolean changed = false;
        try (Connection migration = world.server().connect()) {
            for (Path script : world.scripts(folder)) {
                world.run(script, migration, world.isWithoutTransaction(script));
                changed |= !world.answer(bug.says()).equals(before);
            }
        }
        assertThat(changed).as("something else than " + before).isTrue();
    }

    @ParameterizedTest
    @MethodSource("fails")
    void it_fails_where_it_is_run(Planted bug) throws Exception {
        PlantedWorld world = PlantedWorld.small();
        world.prepare(folder, bug.text());
        try (Connection somebody = world.server().connect()) {
            begin(somebody, bug.behind().orElse("SELECT 1"));
            assertThat(catchThrowable(() -> world.runWithFlyway(folder))).isNotNull();
            assertThat(somebody.isValid(1)).isTrue();
        }
    }

    private static Stream<Planted> hurting(String hurt) throws IOException {
        return Planted.all().stream().filter(each -> each.hurt().equals(hurt));
    }

    private static void begin(Connection somebody, String sql) throws Exception {
        somebody.setAutoCommit(false);
        try (Statement statement = somebody.createStatement()) {
            statement.execute(sql);
        }
    }
}
