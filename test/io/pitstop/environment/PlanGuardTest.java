package io.pitstop.environment;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Action;
import io.pitstop.jtf.Attribute;
import io.pitstop.jtf.Change;
import io.pitstop.jtf.Value;
import io.pitstop.release.Colour;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans for green on AWS, while users are on blue. */
class PlanGuardTest {
    private static final String ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/";

    @ParameterizedTest
    @CsvSource({
        "CREATE, aws_ecs_service, name, shop-green",
        "UPDATE, aws_ecs_service, load_balancer[0].target_group_arn, " + ARN + "shop-green/6d0e",
        "REPLACE, aws_launch_template, name, shop-green-2",
        "DELETE, aws_instance, tags.Colour, green",
        "UPDATE, aws_ecs_service, cluster, arn:aws:ecs:eu-west-1:1:cluster/blue-whale",
        "UPDATE, aws_ecs_task_definition, container_definitions, [{\"name\":\"PEER\"}]",
        "CREATE, aws_security_group, description, reached by blue and green",
        "UPDATE, aws_instance, tags.Team, blue",
        "UPDATE, aws_lb_target_group, name, shop-green",
        "CREATE, aws_iam_role, name, shop-bluebird",
        "CREATE, aws_route53_record, name, green.internal"
    })
    void what_belongs_to_the_colour_passes(Action action, String type, String path, String value) {
        assertThatCode(() -> check(change(action, type, path, value))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE, aws_ecs_service, name, shop-blue",
        "UPDATE, aws_ecs_service, load_balancer[0].target_group_arn, " + ARN + "shop-blue/73e2",
        "CREATE, aws_lb_target_group_attachment, target_group_arn, " + ARN + "shop-blue/73e2",
        "UPDATE, aws_autoscaling_group, target_group_arns[0], " + ARN + "shop-blue/73e2",
        "DELETE, aws_instance, tags.Colour, blue",
        "UPDATE, aws_instance, tags_all.shop:colour, Blue",
        "IMPORT, aws_cloudwatch_log_group, id, /pitstop/shop/blue",
        "FORGET, aws_cloudwatch_log_group, name, /pitstop/shop/blue",
        "UPDATE, terraform_data, input.color, blue"
    })
    void what_belongs_to_the_other_colour_is_refused(Action action, String type, String path, String value) {
        assertThatThrownBy(() -> check(change(action, type, path, value)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining(type + ".this")
                .hasMessageContaining(path + " is of blue")
                .hasMessageContaining("nothing was applied");
    }

    @Test
    void tags_that_are_a_list_are_read_too() {
        assertThatThrownBy(() -> check(
                        change(Action.UPDATE, "aws_autoscaling_group", "tag[0].key", "Colour", "tag[0].value", "blue")))
                .hasMessageContaining("its tag[0].value is of blue");
        check(change(Action.UPDATE, "aws_autoscaling_group", "tag[0].key", "Team", "tag[0].value", "blue"));
    }

    @Test
    void a_target_group_of_another_name_is_known_from_the_router() {
        PlanGuard guard = new PlanGuard(GREEN, BLUE, "web-a");

        assertThatThrownBy(() -> guard.check(List.of(change(
                        Action.CREATE, "aws_ecs_service", "load_balancer[0].target_group_arn", ARN + "web-a/1"))))
                .hasMessageContaining("is of blue");
        guard.check(List.of(
                change(Action.CREATE, "aws_ecs_service", "load_balancer[0].target_group_arn", ARN + "web-b/1")));
    }

    @Test
    void an_address_that_names_the_other_colour_is_refused() {
        assertThatThrownBy(() -> check(
                        new Change("module.app[\"blue\"].aws_instance.this", "aws_instance", Action.CREATE, List.of())))
                .hasMessageContaining("(it is of blue)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws_lb_listener", "aws_lb_listener_rule", "aws_alb_listener", "aws_alb_listener_rule"})
    void whatever_happens_to_what_splits_the_traffic_is_refused(String type) {
        for (Action action : List.of(Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.IMPORT)) {
            assertThatThrownBy(() -> check(change(action, type, "port", "443")))
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining("only the router does");
        }
        check(change(Action.READ, type, "port", "443"));
    }

    @Test
    void weighted_records_are_refused_and_plain_ones_are_not() {
        assertThatThrownBy(() ->
                        check(change(Action.UPDATE, "aws_route53_record", "weighted_routing_policy[0].weight", "100")))
                .hasMessageContaining("it splits the traffic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group"})
    void what_serves_is_neither_replaced_nor_removed(String type) {
        for (Action action : List.of(Action.REPLACE, Action.DELETE, Action.FORGET)) {
            assertThatThrownBy(() -> check(change(action, type, "name", "shop-green")))
                    .hasMessageContaining("what serves users is not to be replaced");
        }
    }

    @Test
    void nothing_of_the_colour_that_users_are_on_is_taken_away() {
        Change update = change(Action.UPDATE, "aws_ecs_service", "name", "shop-blue");
        PlanGuard live = new PlanGuard(BLUE, BLUE, "shop-green");

        live.check(List.of(update));
        for (Action action : List.of(Action.REPLACE, Action.DELETE, Action.FORGET)) {
            assertThatThrownBy(() -> live.check(List.of(change(action, "aws_ecs_service", "name", "shop-blue"))))
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining("users are on blue");
        }
    }

    @Test
    void all_that_is_refused_is_named_at_once() {
        assertThatThrownBy(() -> new PlanGuard(GREEN, BLUE, "shop-blue")
                        .check(List.of(
                                change(Action.CREATE, "aws_ecs_service", "name", "shop-blue"),
                                change(Action.CREATE, "aws_lb_listener", "port", "80"))))
                .hasMessageContaining(
                        "+ create aws_ecs_service.this (its name is of blue); + create aws_lb_listener.this");
    }

    private static void check(Change change) {
        Colour colour = GREEN;
        new PlanGuard(colour, BLUE, "shop-blue").check(List.of(change));
    }

    /** @param pathsAndValues as they are before and after */
    private static Change change(Action action, String type, String... pathsAndValues) {
        List<Attribute> attributes = IntStream.range(0, pathsAndValues.length / 2)
                .mapToObj(i -> new Attribute(
                        pathsAndValues[2 * i],
                        action == Action.CREATE ? Value.NONE : Value.of(pathsAndValues[2 * i + 1]),
                        action == Action.DELETE ? Value.NONE : Value.of(pathsAndValues[2 * i + 1]),
                        action != Action.UPDATE,
                        false))
                .toList();
        return new Change(type + ".this", type, action, attributes);
    }
}
