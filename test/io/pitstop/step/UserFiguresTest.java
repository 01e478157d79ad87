package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.EXPANDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** All users are on blue, and a step runs. */
class UserFiguresTest {
    private final Situation at = new Situation().given(EXPANDED);
    private Supplier<Instant> clock = at.journal::now;

    @Test
    void a_step_leaves_how_users_fared_in_the_event_log() {
        at.router.requestsALook = 3;

        int done = during(() -> 7);

        assertThat(done).isEqualTo(7);
        assertThat(samples())
                .isNotEmpty()
                .allSatisfy(sample ->
                        assertThat(sample).containsEntry("colour", "blue").containsEntry("failed", 0))
                .allSatisfy(
                        sample -> assertThat((Integer) sample.get("requests")).isEqualTo(300))
                .allSatisfy(sample -> assertThat((Double) sample.get("p99")).isBetween(4.9, 5.1));
    }

    @Test
    void without_users_there_is_nothing_to_note() {
        during(() -> 7);

        assertThat(at.events()).doesNotContain(UserFigures.NOTE);
    }

    @Test
    void a_router_that_does_not_answer_does_not_disturb_the_step() {
        try (Lease lease = at.journal.lease(at.release(), "backfill")) {
            int done = UserFigures.during(
                    colour -> {
                        throw new DependencyFailed("The router does not answer.", "Start it.");
                    },
                    at.journal::now,
                    lease,
                    () -> 7);

            assertThat(done).isEqualTo(7);
        }
        assertThat(at.events()).doesNotContain(UserFigures.NOTE);
    }

    @Test
    void they_are_dated_by_the_clock_of_the_event_log_and_not_by_that_of_the_node() {
        at.router.requestsALook = 3;
        clock = () -> at.journal.now().plus(Duration.ofHours(1));

        during(() -> 7);

        Instant begun = at.journal.now().plus(Duration.ofMinutes(50));
        assertThat(samples())
                .isNotEmpty()
                .allSatisfy(sample ->
                        assertThat(Instant.parse((String) sample.get("from"))).isAfter(begun))
                .allSatisfy(sample -> assertThat(Instant.parse((String) sample.get("until")))
                        .isAfterOrEqualTo(Instant.parse((String) sample.get("from"))));
    }

    @Test
    void a_clock_that_cannot_be_read_does_not_disturb_the_step() {
        clock = () -> {
            throw new DependencyFailed("The database does not answer.", "Start it.");
        };

        assertThat(during(() -> 7)).isEqualTo(7);
    }

    @Test
    void a_step_that_fails_leaves_them_too_and_its_own_failure() {
        at.router.requestsALook = 1;

        assertThatThrownBy(() -> during(() -> {
                    throw new CheckFailed("A gate failed.", "Mend it.");
                }))
                .isInstanceOf(CheckFailed.class);

        assertThat(samples()).isNotEmpty();
    }

    @Test
    void the_outcome_of_a_step_that_lost_its_lease_is_not_changed() {
        at.router.requestsALook = 1;
        try (Lease old = at.journal.lease(at.release(), "backfill")) {
            int done = UserFigures.during(at.router::figures, at.journal::now, old, () -> {
                try (Lease thief = at.journal.seize(at.release(), "backfill")) {
                    thief.record(BACKFILLED, Map.of());
                }
                return 7;
            });

            assertThat(done).isEqualTo(7);
        }
        assertThat(at.events()).doesNotContain(UserFigures.NOTE);
    }

    private int during(Supplier<Integer> work) {
        try (Lease lease = at.journal.lease(at.release(), "backfill")) {
            return UserFigures.during(at.router::figures, clock, lease, work);
        }
    }

    @SuppressWarnings("unchecked") // as it was noted
    private List<Map<String, Object>> samples() {
        return at.journal.events(at.release()).stream()
                .filter(event -> event.event().equals(UserFigures.NOTE))
                .map(Event::particulars)
                .flatMap(note -> ((List<Map<String, Object>>) note.get("samples")).stream())
                .toList();
    }
}
