package io.pitstop.traffic.alb;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.config.RouterConfig;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Observation;
import io.pitstop.traffic.Routers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A load balancer as an administrator left it, before the first release. */
class AlbExaminationTest {
    private final FakeElb elb = new FakeElb();

    @AfterEach
    void stop() {
        elb.close();
    }

    @Test
    void all_that_a_switch_needs_is_looked_at_and_nothing_is_changed() {
        Map<Colour, Integer> before = elb.weights();

        List<Observation> seen = observe(Albs.named());

        assertThat(seen)
                .allMatch(Observation::good)
                .extracting(Observation::what)
                .containsExactly(
                        "aws",
                        "listener",
                        "permission",
                        "neighbours",
                        "blue group",
                        "blue drain",
                        "green group",
                        "green drain");
        assertThat(seen.get(0).detail()).contains("role/pitstop");
        assertThat(elb.weights()).isEqualTo(before);
    }

    @Test
    void a_role_that_may_look_but_not_move_is_found_out() {
        elb.then("ModifyListener", Fault.denied());

        assertThat(bad(Albs.named())).singleElement().satisfies(seen -> {
            assertThat(seen.what()).isEqualTo("permission");
            assertThat(seen.hint()).contains("docs/aws");
        });
    }

    @Test
    void an_order_without_a_change_that_aws_does_not_take_proves_nothing() {
        elb.then("ModifyListener", Fault.refused(400, "ValidationError", "Nothing to modify"));

        assertThat(observe(Albs.named()))
                .filteredOn(seen -> seen.what().equals("permission"))
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.good()).isTrue();
                    assertThat(seen.detail()).startsWith("not checked: ").contains("Nothing to modify");
                });
    }

    @Test
    void a_listener_that_is_no_split_is_told_as_it_is() {
        elb.client()
                .modifyListener(Albs.order(
                        elb.listener(),
                        Albs.action("fixed-response").toBuilder()
                                .fixedResponseConfig(fixed -> fixed.statusCode("503"))
                                .build()));

        assertThat(bad(Albs.named())).anySatisfy(seen -> {
            assertThat(seen.what()).isEqualTo("listener");
            assertThat(seen.detail()).contains("fixed-response");
        });
    }

    @Test
    void a_load_balancer_that_is_not_there_ends_the_look() {
        assertThat(bad(Albs.tagged(Map.of("application", "other"))))
                .singleElement()
                .satisfies(seen -> assertThat(seen.what()).isEqualTo("listener"));
    }

    @Test
    void settings_that_hurt_users_are_named() {
        elb.client().modifyTargetGroup(change -> change.targetGroupArn(elb.group(Colour.BLUE))
                .healthCheckIntervalSeconds(60)
                .unhealthyThresholdCount(5));
        elb.client().modifyTargetGroupAttributes(change -> change.targetGroupArn(elb.group(Colour.GREEN))
                .attributes(Albs.attribute("deregistration_delay.timeout_seconds", "0")));

        assertThat(bad(Albs.named())).extracting(Observation::what).containsExactly("blue group", "green drain");
    }

    @Test
    void another_listener_for_users_is_found() {
        elb.client().createListener(http -> http.loadBalancerArn(elb.balancer())
                .port(80)
                .protocol("HTTP")
                .defaultActions(Albs.forward(elb.group(Colour.BLUE), 1)));

        assertThat(bad(Albs.named())).singleElement().satisfies(seen -> {
            assertThat(seen.what()).isEqualTo("neighbours");
            assertThat(seen.detail()).contains("the listener on port 80 too sends requests to these groups");
        });
    }

    private List<Observation> bad(RouterConfig alb) {
        return observe(alb).stream().filter(seen -> !seen.good()).toList();
    }

    private List<Observation> observe(RouterConfig alb) {
        return Routers.observe(alb, elb.aws());
    }
}
