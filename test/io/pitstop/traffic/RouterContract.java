package io.pitstop.traffic;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every router keeps. All traffic goes to blue; both colours have healthy targets and no requests. */
public abstract class RouterContract {
    private static final Instant LONG_AGO = Instant.now().minus(Duration.ofDays(30));

    private RouterUnderTest world;
    private TrafficRouter router;

    /** A router as a command opens it, and what is needed to try it. */
    public interface RouterUnderTest extends AutoCloseable {
        /** The same one at each call. */
        TrafficRouter router();

        /** How many orders to change the split have come to whatever splits the traffic. */
        int orders();

        /** Lets all targets of a colour fail; returns once the router finds that out. */
        void sicken(Colour colour);

        /** From now on nobody answers. */
        void fallSilent();

        /** From now on the answers are well-formed, and tell something else than a split between our two colours. */
        void talkNonsense();

        /** Also after {@link #fallSilent()}. */
        @Override
        void close();
    }

    /** Starts a world as the class comment tells; it is closed after each test. */
    protected abstract RouterUnderTest open() throws Exception;

    @BeforeEach
    final void openWorld() throws Exception {
        world = open();
        router = world.router();
    }

    @AfterEach
    final void closeWorld() {
        assertThat(Thread.interrupted())
                .as("no test leaves the thread interrupted")
                .isFalse();
        world.close();
    }

    @Test
    void it_starts_where_users_are() {
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(world.orders()).isZero();
    }

    @Test
    void a_shift_moves_users_and_is_confirmed() {
        for (Split next : List.of(
                Split.giving(GREEN, 5), Split.giving(GREEN, 50), Split.allTo(GREEN), new Split(1), Split.allTo(BLUE))) {
            router.shift(next);

            assertThat(router.split()).isEqualTo(next);
        }
        assertThat(world.orders()).isEqualTo(5);
    }

    @Test
    void a_split_that_is_there_is_not_ordered_again() {
        router.shift(Split.giving(GREEN, 25));
        router.shift(Split.giving(GREEN, 25));

        assertThat(world.orders()).isOne();
        assertThat(router.split()).isEqualTo(new Split(75));
    }

    @Test
    void healthy_targets_are_counted() {
        TargetHealth health = router.health(GREEN);

        assertThat(health.healthy()).isPositive().isEqualTo(health.total());
        assertThat(health.reason()).isEmpty();
    }

    @Test
    void a_colour_that_is_not_healthy_gets_no_users() {
        world.sicken(GREEN);

        TargetHealth health = router.health(GREEN);
        assertThat(health.healthy()).isZero();
        assertThat(health.reason()).isNotEmpty();
        assertThatThrownBy(() -> router.shift(Split.giving(GREEN, 5))).isInstanceOf(MoveRefused.class);
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void users_leave_a_colour_that_has_become_unhealthy() {
        router.shift(Split.giving(GREEN, 50));
        world.sicken(GREEN);

        router.shift(Split.allTo(BLUE));

        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void nobody_answers_so_nothing_is_known_and_nothing_was_touched() {
        world.fallSilent();

        assertThatThrownBy(() -> router.split()).isInstanceOf(DependencyFailed.class);
        assertThatThrownBy(() -> router.health(GREEN)).isInstanceOf(DependencyFailed.class);
        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(DependencyFailed.class);
        assertThatThrownBy(() -> router.drained(GREEN, LONG_AGO)).isInstanceOf(DependencyFailed.class);
    }

    @Test
    void what_is_no_split_is_not_taken_for_one_and_not_overwritten() {
        world.talkNonsense();

        assertThatThrownBy(() -> router.split()).isInstanceOf(OutcomeUnknown.class);
        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
        assertThat(world.orders()).isZero();
    }

    @Test
    void a_colour_with_a_share_is_never_drained() {
        assertThatThrownBy(() -> router.drained(BLUE, LONG_AGO)).isInstanceOf(MoveRefused.class);

        router.shift(Split.giving(GREEN, 99));

        assertThatThrownBy(() -> router.drained(BLUE, LONG_AGO)).isInstanceOf(MoveRefused.class);
    }

    @Test
    void a_colour_that_has_had_no_share_for_long_is_drained() {
        router.shift(Split.allTo(GREEN));

        Drained drained = router.drained(BLUE, LONG_AGO);

        assertThat(drained.done()).as(drained.evidence()).isTrue();
        assertThat(drained.evidence()).isNotEmpty();
        assertThat(world.orders()).isOne();
    }

    @Test
    void who_was_asked_to_stop_stops_and_the_split_can_be_told() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(router.split()).isIn(Split.allTo(BLUE), Split.allTo(GREEN));
    }
}
