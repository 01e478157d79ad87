package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.InvalidConfig;
import io.pitstop.prove.fault.Family;
import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.fault.Faults;
import io.pitstop.prove.wire.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A release of which some actions are known. */
class TrialTest {
    private static final int SEEDS = 2_000;

    private final Points points = new Points();

    TrialTest() {
        for (Step step : Step.values()) {
            points.begin(step);
            for (String action : List.of(
                    "database COMMIT of INSERT INTO pitstop.events",
                    "database SELECT 1",
                    "database UPDATE posts SET title = ?",
                    "router GET /split",
                    "router PUT /split",
                    "terraform plan",
                    "terraform apply")) {
                points.record(action, Side.BEFORE, OptionalInt.empty());
                points.record(action, Side.BEFORE, OptionalInt.empty());
            }
        }
    }

    @Test
    void the_same_seed_is_the_same_trial() {
        assertThat(draw(17)).isEqualTo(draw(17)).isNotEqualTo(draw(18));
    }

    @Test
    void an_action_more_moves_few_seeds_to_another_point() {
        List<Trial> before = trials();
        points.begin(Step.BACKFILL);
        points.record("database SELECT 2", Side.BEFORE, OptionalInt.empty());
        List<Trial> after = trials();

        long moved = LongStream.range(0, SEEDS)
                .filter(seed -> !before.get((int) seed).equals(after.get((int) seed)))
                .count();
        assertThat(moved).isPositive().isLessThan(SEEDS / 20);
    }

    @Test
    void every_fault_strikes_sooner_or_later_and_only_where_it_can() {
        List<Trial> trials = trials();

        assertThat(trials.stream().map(Trial::fault).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        Faults.all().stream().filter(Fault::isPossible).toList());
        assertThat(trials)
                .allMatch(trial -> trial.fault().meets(trial.step().command(), trial.action(), trial.side()))
                .allMatch(trial -> trial.occurrence() == 1 || trial.occurrence() == 2);
    }

    @Test
    void a_fault_that_this_machine_cannot_do_moves_no_other_seed() {
        List<Fault> with = new ArrayList<>(Faults.all());
        with.add(eclipse(true));
        List<Fault> without = new ArrayList<>(Faults.all());
        without.add(eclipse(false));

        for (long seed = 0; seed < SEEDS; seed++) {
            Trial there = Trial.draw(seed, with, points);
            Trial here = Trial.draw(seed, without, points);
            assertThat(here.fault()).isNotInstanceOf(Harmless.class);
            assertThat(there.fault() instanceof Harmless || there.equals(here)).isTrue();
        }
    }

    @Test
    void faults_of_which_none_can_strike_are_refused() {
        List<Fault> impossible = List.of(eclipse(false));

        assertThatThrownBy(() -> Trial.draw(1, impossible, points))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("eclipse");
    }

    @Test
    void families_have_equal_chances() {
        List<Trial> trials = trials();

        for (Family family : Family.values()) {
            assertThat(trials.stream().filter(trial -> trial.fault().family() == family))
                    .hasSizeBetween(SEEDS / 7, SEEDS / 4);
        }
        assertThat(trials.stream().map(Trial::step).collect(Collectors.toSet()))
                .isEqualTo(Set.of(
                        Step.EXPAND,
                        Step.DEPLOY,
                        Step.BACKFILL,
                        Step.SMOKE_TEST,
                        Step.SWITCH,
                        Step.ROLLBACK,
                        Step.CONTRACT));
    }

    private List<Trial> trials() {
        return LongStream.range(0, SEEDS).mapToObj(this::draw).toList();
    }

    private Trial draw(long seed) {
        return Trial.draw(seed, Faults.all(), points);
    }

    /** Something that not every machine can do. */
    private static Fault eclipse(boolean isPossible) {
        return new Harmless("eclipse", isPossible, true);
    }
}
