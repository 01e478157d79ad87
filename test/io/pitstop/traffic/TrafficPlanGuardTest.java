package io.pitstop.traffic;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Action;
import io.pitstop.jtf.Attribute;
import io.pitstop.jtf.Change;
import io.pitstop.jtf.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans for the load balancer of an application whose users are all on green. */
class TrafficPlanGuardTest {
    private static final Optional<Split> ON_GREEN = Optional.of(Split.allTo(GREEN));
    private static final Attribute WEIGHT = stays("default_action[0].forward[0].target_group[0].weight", "100");

    @ParameterizedTest
    @CsvSource({
        "CREATE, aws_lb_listener, port, 443",
        "UPDATE, aws_lb, idle_timeout, 60",
        "UPDATE, aws_lb_listener, port, 443",
        "UPDATE, aws_lb_target_group, deregistration_delay, 30",
        "REPLACE, aws_security_group, name, shop",
        "DELETE, aws_cloudwatch_metric_alarm, alarm_name, shop",
        "REPLACE, aws_lb_target_group_attachment, port, 80"
    })
    void what_neither_moves_users_nor_cuts_them_off_passes(Action action, String type, String path, String value) {
        assertThatCode(() -> check(ON_GREEN, change(action, type, "this", stays(path, value))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "aws_lb_listener, default_action[0].forward[0].target_group[1].weight",
        "aws_lb_listener, default_action[0].forward[0].stickiness[0].enabled",
        "aws_lb_listener, default_action[0].type",
        "aws_lb_listener_rule, action[0].forward[0].target_group[0].weight",
        "aws_route53_record, weighted_routing_policy[0].weight"
    })
    void a_change_of_the_split_is_refused_whatever_is_accepted(String type, String path) {
        Attribute weight = type.equals("aws_lb_listener_rule")
                ? stays("action[0].forward[0].target_group[1].weight", "0")
                : type.equals("aws_lb_listener") ? WEIGHT : stays("weighted_routing_policy[0].weight", "1");
        Change moved = change(Action.UPDATE, type, "this", weight, changes(path, "0", "100"));

        assertThatThrownBy(() -> check(ON_GREEN, moved, type + ".this"))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("it would move users, which only the router does")
                .hasMessageContaining("nothing was applied");
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE, aws_lb_listener, port",
        "UPDATE, aws_lb_listener, protocol",
        "UPDATE, aws_lb_listener, certificate_arn",
        "UPDATE, aws_lb_listener, ssl_policy",
        "UPDATE, aws_lb_listener_rule, condition[0].host_header[0].values[0]",
        "UPDATE, aws_lb_listener_rule, priority",
        "CREATE, aws_lb_listener_rule, priority",
        "DELETE, aws_lb_listener_rule, priority",
        "UPDATE, aws_lb, subnets[0]",
        "UPDATE, aws_lb, security_groups[0]",
        "REPLACE, aws_lb, internal",
        "UPDATE, aws_security_group, ingress[0].cidr_blocks[0]",
        "DELETE, aws_vpc_security_group_ingress_rule, cidr_ipv4",
        "UPDATE, aws_vpc_security_group_ingress_rule, from_port",
        "DELETE, aws_security_group_rule, from_port",
        "UPDATE, aws_lb_target_group, health_check[0].path",
        "REPLACE, aws_lb_target_group, port",
        "DELETE, aws_lb_listener_certificate, certificate_arn",
        "DELETE, aws_lb_target_group_attachment, port",
        "UPDATE, aws_route53_record, records[0]"
    })
    void what_may_cut_users_off_has_to_be_accepted(Action action, String type, String path) {
        Change change = change(action, type, "blue", changes(path, "1", "2"));

        assertThatThrownBy(() -> check(ON_GREEN, change)).isInstanceOfSatisfying(MoveRefused.class, refusal -> {
            assertThat(refusal).hasMessageContaining(change.line());
            assertThat(refusal.hint()).contains("--accept '" + change.address() + "'");
        });
        check(ON_GREEN, change, change.address());
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE, aws_lb_listener, tags.Team",
        "UPDATE, aws_lb_listener_rule, tags_all.Team",
        "UPDATE, aws_lb, access_logs[0].bucket",
        "UPDATE, aws_lb, idle_timeout",
        "UPDATE, aws_lb_target_group, deregistration_delay",
        "UPDATE, aws_security_group, tags.Team",
        "UPDATE, aws_vpc_security_group_ingress_rule, description",
        "CREATE, aws_vpc_security_group_ingress_rule, cidr_ipv4",
        "UPDATE, aws_cloudwatch_metric_alarm, threshold"
    })
    void what_no_user_notices_may_change(Action action, String type, String path) {
        assertThatCode(() -> check(ON_GREEN, change(action, type, "blue", changes(path, "1", "2"))))
                .doesNotThrowAnyException();
    }

    @Test
    void where_nobody_is_served_yet_rules_are_made_as_they_are() {
        assertThatCode(() -> check(
                        Optional.empty(),
                        change(Action.CREATE, "aws_lb_listener_rule", "this", stays("priority", "1"))))
                .doesNotThrowAnyException();
    }

    @Test
    void an_application_that_is_called_like_a_colour_does_not_make_its_live_group_idle() {
        Optional<Split> onBlue = Optional.of(Split.allTo(BLUE));
        Change live = change(Action.REPLACE, "aws_lb_target_group", "one", stays("name", "green-shop-blue"));
        Change tagged = change(
                Action.REPLACE,
                "aws_lb_target_group",
                "two",
                stays("name", "green-shop-1"),
                stays("tags.Colour", "blue"));
        Change idle = change(Action.REPLACE, "aws_lb_target_group", "three", stays("name", "green-shop-green"));

        for (Change change : List.of(live, tagged)) {
            assertThatThrownBy(() -> check(onBlue, change, change.address()))
                    .hasMessageContaining("it would leave users without the targets that are in it");
        }
        check(onBlue, idle, idle.address());
    }

    @Test
    void a_listener_that_is_made_anew_cuts_connections_and_has_to_be_accepted() {
        Change listener = change(Action.REPLACE, "aws_lb_listener", "this", WEIGHT);

        assertThatThrownBy(() -> check(ON_GREEN, listener)).isInstanceOfSatisfying(MoveRefused.class, refusal -> {
            assertThat(refusal).hasMessageContaining("users stay where they are, but their connections are cut");
            assertThat(refusal.hint()).contains("--accept 'aws_lb_listener.this'");
        });
        check(ON_GREEN, listener, "aws_lb_listener.this");
        assertThatThrownBy(() -> check(ON_GREEN, listener, "aws_lb_listener.other"))
                .isInstanceOf(MoveRefused.class);
    }

    @Test
    void a_listener_that_would_begin_with_another_split_is_never_made_anew() {
        Change listener = change(Action.REPLACE, "aws_lb_listener", "this", WEIGHT);

        assertThatThrownBy(() -> check(Optional.of(Split.giving(GREEN, 5)), listener, "aws_lb_listener.this"))
                .hasMessageContaining("it would begin with one colour, while users are on both");
        assertThatThrownBy(() ->
                        new TrafficPlanGuard(ON_GREEN, Set.of("aws_lb_listener.this")).check(List.of(listener), false))
                .hasMessageContaining("declare the variable initial_live");
    }

    @ParameterizedTest
    @CsvSource({"aws_lb", "aws_lb_listener", "aws_lb_listener_rule"})
    void what_serves_users_is_never_removed(String type) {
        Attribute weight = type.endsWith("rule") ? stays("action[0].forward[0].target_group[0].weight", "1") : WEIGHT;

        for (Action action : List.of(Action.DELETE, Action.FORGET)) {
            assertThatThrownBy(() -> check(ON_GREEN, change(action, type, "this", weight), type + ".this"))
                    .hasMessageContaining("it serves users and would be gone");
        }
    }

    @Test
    void a_listener_without_a_split_may_go_if_that_is_accepted() {
        Change test = change(Action.DELETE, "aws_lb_listener", "test", stays("port", "9001"));

        assertThatThrownBy(() -> check(ON_GREEN, test)).hasMessageContaining("connections are cut");
        check(ON_GREEN, test, "aws_lb_listener.test");
    }

    @Test
    void only_the_group_of_the_idle_colour_may_be_made_anew() {
        Change blue = change(Action.REPLACE, "aws_lb_target_group", "colour[\"blue\"]", stays("port", "80"));
        Change green = change(Action.REPLACE, "aws_lb_target_group", "colour[\"green\"]", stays("port", "80"));
        Change unknown = change(Action.REPLACE, "aws_lb_target_group", "one", stays("name", "web-a"));
        Change named = change(Action.REPLACE, "aws_lb_target_group", "one", stays("name", "shop-blue"));

        check(ON_GREEN, blue, blue.address());
        check(ON_GREEN, named, named.address());
        for (Change live : List.of(green, unknown)) {
            assertThatThrownBy(() -> check(ON_GREEN, live, live.address()))
                    .hasMessageContaining("it would leave users without the targets that are in it");
        }
        assertThatThrownBy(() -> check(Optional.of(Split.giving(BLUE, 5)), blue, blue.address()))
                .hasMessageContaining("without the targets");
    }

    @Test
    void a_hint_to_accept_is_not_given_where_accepting_would_not_do() {
        Change listener = change(Action.REPLACE, "aws_lb_listener", "this", WEIGHT);
        Change balancer = change(Action.DELETE, "aws_lb", "this");

        assertThatThrownBy(() -> new TrafficPlanGuard(ON_GREEN, Set.of()).check(List.of(listener, balancer), true))
                .isInstanceOfSatisfying(
                        MoveRefused.class, refusal -> assertThat(refusal.hint()).doesNotContain("--accept"));
    }

    private static void check(Optional<Split> split, Change change, String... accepted) {
        new TrafficPlanGuard(split, Set.of(accepted)).check(List.of(change), true);
    }

    private static Change change(Action action, String type, String name, Attribute... attributes) {
        return new Change(type + "." + name, type, action, List.of(attributes));
    }

    private static Attribute stays(String path, String value) {
        return new Attribute(path, Value.of(value), Value.of(value), false, false);
    }

    private static Attribute changes(String path, String before, String after) {
        return new Attribute(path, Value.of(before), Value.of(after), true, false);
    }
}
