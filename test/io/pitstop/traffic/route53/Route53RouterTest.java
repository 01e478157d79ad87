package io.pitstop.traffic.route53;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.PerColour;
import io.pitstop.config.Route53Config;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.route53.FakeRoute53.Fault;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All users are at blue. */
class Route53RouterTest {
    private static final int MORE_THAN_THE_SDK_TRIES = 8;

    private final FakeRoute53 route53 = new FakeRoute53();
    private final TrafficRouter router = router("Z1", "shop.example.com");

    @AfterEach
    void stop() {
        route53.close();
    }

    @Test
    void one_batch_moves_both_weights_and_keeps_everything_else() {
        String blue = route53.zone().besideWeight("blue");
        assertThat(blue).contains("<TTL>30</TTL>", "192.0.2.2", "check-blue");

        router.shift(Split.giving(GREEN, 5));

        assertThat(route53.orders()).hasSize(1);
        assertThat(route53.zone().weight("blue")).isEqualTo(95);
        assertThat(route53.zone().weight("green")).isEqualTo(5);
        assertThat(route53.zone().besideWeight("blue")).isEqualTo(blue);
    }

    @Test
    void an_alias_stays_what_it_is() {
        route53.zone().remove("green");
        route53.zone()
                .add("<Name>shop.example.com.</Name><Type>A</Type><SetIdentifier>green</SetIdentifier>"
                        + "<Weight>0</Weight><AliasTarget><HostedZoneId>ZALB</HostedZoneId>"
                        + "<DNSName>alb.example.net.</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth>"
                        + "</AliasTarget><HealthCheckId>check-green</HealthCheckId>");
        String green = route53.zone().besideWeight("green");

        router.shift(Split.allTo(GREEN));

        assertThat(route53.zone().weight("green")).isEqualTo(100);
        assertThat(route53.zone().besideWeight("green")).isEqualTo(green);
        assertThat(router.drained(BLUE, Instant.now()).evidence()).contains(": 30 s that they keep");
        router.shift(Split.allTo(BLUE));
        assertThat(router.drained(GREEN, Instant.now()).evidence()).contains(": 60 s that they keep");
    }

    @Test
    void a_change_is_awaited_until_all_servers_have_it() {
        route53.readsUntilInSync(5);

        router.shift(Split.allTo(GREEN));

        assertThat(route53.isInSync()).isTrue();
    }

    @Test
    void nobody_can_tell_who_serves_users_while_servers_differ() {
        route53.readsUntilInSync(Integer.MAX_VALUE);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("PENDING");
    }

    @Test
    void an_order_that_was_taken_is_confirmed_though_its_answer_was_lost() {
        route53.then(Fault.ANSWER_LOST);

        router.shift(Split.giving(GREEN, 25));

        assertThat(router.split()).isEqualTo(new Split(75));
        assertThat(route53.zone().weight("blue"))
                .as("a second change says when all servers have it")
                .isEqualTo(150);
    }

    @Test
    void an_order_that_was_lost_is_given_again() {
        faults(Fault.LOST, MORE_THAN_THE_SDK_TRIES);

        router.shift(Split.giving(GREEN, 25));

        assertThat(router.split()).isEqualTo(new Split(75));
    }

    @Test
    void a_lost_order_is_refused_when_it_comes_late() {
        faults(Fault.LATE, MORE_THAN_THE_SDK_TRIES);
        router.shift(Split.allTo(GREEN));

        assertThat(route53.arrive()).hasSize(MORE_THAN_THE_SDK_TRIES).allSatisfy(refusal -> assertThat(refusal)
                .contains("do not match the current values"));
        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void nobody_can_tell_who_serves_users_if_orders_are_lost_again_and_again() {
        faults(Fault.LOST, 100);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void a_lost_order_followed_by_a_refusal_is_not_taken_for_refused() {
        route53.then(Fault.LOST);
        faults(Fault.THROTTLED, 100);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void a_busy_route_53_is_asked_again() {
        route53.then(Fault.PRIOR_REQUEST_NOT_COMPLETE).then(Fault.THROTTLED);

        router.shift(Split.allTo(GREEN));

        assertThat(route53.orders()).hasSize(3);
        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void an_order_that_was_throttled_to_the_end_has_moved_nothing() {
        faults(Fault.THROTTLED, 100);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("the split is as it was")
                .hasMessageContaining("Throttling");
    }

    @Test
    void another_writer_is_noticed_and_not_overruled() {
        FakeZone zone = route53.zone();
        route53.beforeNextOrder(() -> zone.weigh("blue", 50));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("another writer");
        assertThat(zone.weight("blue")).isEqualTo(50);
        assertThat(zone.weight("green")).isZero();
    }

    @Test
    void an_interrupt_does_not_cut_an_order_short() {
        Thread giver = Thread.currentThread();
        route53.beforeNextOrder(giver::interrupt);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void two_weights_of_0_are_explained() {
        route53.zone().weigh("blue", 0);

        assertThatThrownBy(router::split)
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("takes for equal shares");
    }

    @Test
    void weights_that_make_no_percentages_are_not_rounded() {
        route53.zone().weigh("blue", 255);
        route53.zone().weigh("green", 1);

        assertThatThrownBy(router::split).isInstanceOf(OutcomeUnknown.class).hasMessageContaining("1 for green");
    }

    @Test
    void records_of_others_do_not_matter_without_weight() {
        route53.zone().add(FakeRoute53.record("purple", 0));

        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void records_that_users_would_not_all_follow_are_refused() {
        route53.zone()
                .add("<Name>shop.example.com.</Name><Type>AAAA</Type><TTL>30</TTL>" + FakeZone.values("2001:db8::1"));

        assertThatThrownBy(router::split).isInstanceOf(InvalidConfig.class).hasMessageContaining("AAAA");
    }

    @Test
    void what_is_not_there_is_told() {
        assertThatThrownBy(router("Z1", "shop.example.org")::split)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("set identifier blue; there are []");
        assertThatThrownBy(router("Z1", "a.example.com")::split)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("not weighted");
        assertThatThrownBy(router("Z2", "shop.example.com")::split)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("NoSuchHostedZone");
    }

    @Test
    void a_colour_is_healthy_if_more_than_18_percent_of_the_checkers_say_so() {
        String failure = "|Failure: connection timed out";
        route53.report(GREEN, "Success: HTTP Status Code 200, OK" + failure.repeat(4));
        assertThat(router.health(GREEN)).isEqualTo(new TargetHealth(1, 1, ""));

        route53.report(GREEN, "Success: HTTP Status Code 200, OK" + failure.repeat(5));
        assertThat(router.health(GREEN).healthy()).isZero();
        assertThat(router.health(GREEN).reason()).contains("1 of 6 checkers", "connection timed out");
    }

    @Test
    void a_colour_of_which_nobody_knows_the_health_gets_no_users() {
        route53.checkBy("CLOUDWATCH_METRIC");
        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("CLOUDWATCH_METRIC");

        route53.zone().remove("green");
        route53.zone().add(FakeRoute53.record("green", 0).replaceAll("<HealthCheckId>.*</HealthCheckId>", ""));
        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("no health check");
        assertThat(route53.orders()).isEmpty();
    }

    @Test
    void users_may_follow_late_by_the_records_time_to_live() {
        router.shift(Split.allTo(GREEN));

        Instant now = Instant.now();
        assertThat(router.drained(BLUE, now.minusSeconds(85))).satisfies(drained -> {
            assertThat(drained.done()).isFalse();
            assertThat(drained.evidence()).contains("until", "30 s that they keep an answer", "some keep it longer");
        });
        assertThat(router.drained(BLUE, now.minusSeconds(92)).done()).isTrue();
    }

    @Test
    void nobody_may_ask_it_for_figures() {
        assertThatThrownBy(() -> router.figures(BLUE)).isInstanceOf(UnsupportedOperationException.class);
    }

    private void faults(Fault fault, int times) {
        for (int i = 0; i < times; i++) {
            route53.then(fault);
        }
    }

    private TrafficRouter router(String zone, String record) {
        return new Route53Router(
                new Route53Config(zone, record, "A", new PerColour("blue", "green"), Duration.ofSeconds(2)),
                route53.aws()::dns,
                Duration.ofMillis(10));
    }
}
