package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.config.AlbConfig.Stickiness;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** All users were moved from blue to green just now; blue's deregistration delay is five minutes. */
class AlbDrainTest {
    private final FakeElb elb = new FakeElb();
    private TrafficRouter router;
    private Instant since;

    @BeforeEach
    void move() {
        // CloudWatch counts by the minute: each test begins at the same second of one.
        elb.pass(Duration.ofMillis(60_000 - elb.now().toEpochMilli() % 60_000));
        router = new AlbRouter(Albs.byArn(elb), elb.aws(), elb::now);
        router.shift(Split.allTo(GREEN));
        since = elb.now();
    }

    @AfterEach
    void stop() {
        elb.close();
    }

    @Test
    void it_is_not_drained_before_its_delay_has_passed_without_a_count() {
        pass(Duration.ofMinutes(4));

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence())
                .contains("deregistration delay of 300 s ends at " + since.plusSeconds(300))
                .contains("in 0 full minutes");
    }

    @Test
    void it_is_drained_once_its_delay_has_passed() {
        pass(Duration.ofMinutes(5));

        assertThat(blue().done()).isTrue();
        assertThat(blue().evidence()).contains("300 s has passed");
    }

    @Test
    void the_delay_is_the_one_of_its_group() {
        setDelay(30);
        pass(Duration.ofSeconds(30));

        assertThat(blue().done()).isTrue();
    }

    @Test
    void it_is_drained_earlier_if_others_are_counted_and_its_requests_are_not() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        count(GREEN, 10, 10);

        assertThat(blue().done()).as(blue().evidence()).isTrue();
        assertThat(blue().evidence()).contains("counted 0 requests of it");
    }

    @Test
    void no_count_at_all_is_not_taken_for_zero() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        elb.count(GREEN, elb.now().minusSeconds(180), 10);

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("too few of the other colour");
    }

    @Test
    void a_count_that_failed_is_not_taken_for_zero() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        count(GREEN, 10, 10);
        elb.loseCounts(BLUE);

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("cannot tell the requests of blue: InternalError");
    }

    @Test
    void a_count_that_is_not_complete_is_not_taken_for_zero() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        count(GREEN, 10, 10);
        elb.tellCounts(BLUE, "PartialData");

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("cannot tell the requests of blue: PartialData");
    }

    @Test
    void a_count_that_is_complete_with_its_last_page_is_one() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        count(GREEN, 10, 10);
        elb.tellCounts(BLUE, "PartialData", "Complete");

        assertThat(blue().done()).as(blue().evidence()).isTrue();
    }

    @Test
    void who_waits_asks_cloudwatch_every_half_minute() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        count(GREEN, 10, 10);
        elb.count(BLUE, elb.now().minusSeconds(180), 2);

        for (int look = 0; look < 31; look++) {
            assertThat(blue().done()).isFalse();
            pass(Duration.ofSeconds(2));
        }

        assertThat(elb.calls().stream().filter("GetMetricData"::equals)).hasSizeBetween(2, 3);
    }

    @Test
    void a_cloudwatch_that_fails_is_left_alone_for_as_long() {
        elb.chance(action -> action.equals("GetMetricData") ? Fault.denied() : Fault.none());
        pass(Duration.ofMinutes(4));

        for (int look = 0; look < 5; look++) {
            assertThat(blue().evidence()).contains("CloudWatch cannot be asked");
        }

        assertThat(elb.calls()).containsOnlyOnce("GetMetricData");
    }

    @Test
    void a_count_that_ended_long_ago_says_nothing_of_now() {
        setDelay(3600);
        pass(Duration.ofMinutes(20));
        for (int minute = 1; minute <= 5; minute++) {
            elb.count(GREEN, since.plusSeconds(60L * minute), 10);
        }

        assertThat(blue().done()).isFalse();
    }

    @Test
    void requests_that_are_counted_keep_it_from_being_drained() {
        setDelay(3600);
        pass(Duration.ofMinutes(10));
        count(GREEN, 10, 10);
        elb.count(BLUE, elb.now().minusSeconds(180), 2);

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("counted 2 requests of it");
    }

    @Test
    void a_cloudwatch_that_may_not_be_asked_leaves_the_delay() {
        elb.chance(action -> action.equals("GetMetricData") ? Fault.denied() : Fault.none());
        pass(Duration.ofMinutes(4));
        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("CloudWatch cannot be asked").contains("ends at");

        pass(Duration.ofMinutes(1));
        assertThat(blue().done()).isTrue();
    }

    @Test
    void sticky_users_are_waited_for_although_the_delay_has_passed() {
        stick(600);
        pass(Duration.ofMinutes(9));
        count(GREEN, 9, 10);

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("cookies keep users for 600 s");
    }

    @Test
    void sticky_users_are_gone_after_as_long_without_a_request_as_a_cookie_lasts() {
        stick(600);
        pass(Duration.ofMinutes(14));
        count(GREEN, 14, 10);

        assertThat(blue().done()).as(blue().evidence()).isTrue();
    }

    @Test
    void a_sticky_user_who_comes_back_now_and_then_renews_the_cookie() {
        stick(600);
        pass(Duration.ofMinutes(40));
        count(GREEN, 40, 10);
        elb.count(BLUE, elb.now().minusSeconds(480), 1);

        assertThat(blue().done()).isFalse();
        assertThat(blue().evidence()).contains("counted 1 requests of it");
    }

    @Test
    void sticky_users_whom_nobody_counts_are_never_taken_to_be_gone() {
        stick(60);
        pass(Duration.ofDays(1));

        assertThat(blue().done()).isFalse();
    }

    private Drained blue() {
        return router.drained(BLUE, since);
    }

    private void pass(Duration time) {
        elb.pass(time);
    }

    /** The last {@code minutes} full minutes before now. */
    private void count(Colour colour, int minutes, int requests) {
        for (int minute = 1; minute <= minutes; minute++) {
            Instant time = elb.now().minusSeconds(60L * minute);
            if (time.isAfter(since)) {
                elb.count(colour, time, requests);
            }
        }
    }

    private void setDelay(int seconds) {
        try (ElasticLoadBalancingV2Client owner = elb.client()) {
            owner.modifyTargetGroupAttributes(order -> order.targetGroupArn(elb.group(BLUE))
                    .attributes(Albs.attribute("deregistration_delay.timeout_seconds", String.valueOf(seconds))));
        }
    }

    private void stick(int seconds) {
        try (ElasticLoadBalancingV2Client owner = elb.client()) {
            owner.modifyListener(
                    Albs.order(elb.listener(), Albs.forward(seconds, elb.group(BLUE), 0, elb.group(GREEN), 100)));
        }
        router = new AlbRouter(Albs.byArn(elb, Stickiness.WAIT), elb.aws(), elb::now);
    }
}
