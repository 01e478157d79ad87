package io.pitstop.demo.alb;

import io.pitstop.proxy.Picture;
import io.pitstop.proxy.ProxyServer;
import io.pitstop.release.Colour;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * Lets the built-in proxy carry the traffic of a listener, as a load balancer would: the split is the weights of its
 * default action, a colour's target is the first IP target of its target group. For an emulator, which has the API of a
 * load balancer but carries nothing.
 *
 * <p>While the API does not answer, the proxy goes on as it was; so does a load balancer.
 */
public final class ListenerFollower implements AutoCloseable {
    private static final Duration LOOK_AT_WEIGHTS = Duration.ofMillis(100);
    private static final int WEIGHTS_PER_TARGETS = 5;

    /** Nobody listens on port 1: a colour without targets. */
    private static final URI NOBODY = URI.create("http://127.0.0.1:1/");

    private final ElasticLoadBalancingV2Client api;
    private final String listener;
    private final Map<Colour, String> groups;
    private final ProxyServer proxy;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(ListenerFollower::daemon);
    private final Map<String, String> paths = new HashMap<>();
    private URI blue = NOBODY;
    private URI green = NOBODY;
    private int looks;

    private ListenerFollower(
            ElasticLoadBalancingV2Client api, String listener, Map<Colour, String> groups, ProxyServer proxy) {
        this.api = api;
        this.listener = listener;
        this.groups = groups;
        this.proxy = proxy;
    }

    /**
     * @param listener ARN
     * @param groups ARN of each colour's target group
     */
    public static ListenerFollower start(
            ElasticLoadBalancingV2Client api, String listener, Map<Colour, String> groups, ProxyServer proxy) {
        ListenerFollower follower = new ListenerFollower(api, listener, Map.copyOf(groups), proxy);
        follower.look();
        follower.thread.scheduleWithFixedDelay(
                follower::look, LOOK_AT_WEIGHTS.toMillis(), LOOK_AT_WEIGHTS.toMillis(), TimeUnit.MILLISECONDS);
        return follower;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look() {
        try {
            // Targets first: whoever gets a share now may have been registered a moment ago.
            if (looks++ % WEIGHTS_PER_TARGETS == 0) {
                blue = target(Colour.BLUE);
                green = target(Colour.GREEN);
            }
            proxy.show(new Picture(bluePercent(), blue, green));
        } catch (RuntimeException unanswered) {
            // As it was, until it answers. What came out here, as of an answer without actions, would end the looks for
            // good.
            return;
        }
    }

    private int bluePercent() {
        Listener found = api.describeListeners(request -> request.listenerArns(listener))
                .listeners()
                .get(0);
        List<TargetGroupTuple> tuples = found.defaultActions()
                .get(found.defaultActions().size() - 1)
                .forwardConfig()
                .targetGroups();
        int all = tuples.stream().mapToInt(TargetGroupTuple::weight).sum();
        int ofBlue = tuples.stream()
                .filter(tuple -> tuple.targetGroupArn().equals(groups.get(Colour.BLUE)))
                .mapToInt(TargetGroupTuple::weight)
                .sum();
        return all == 0 ? 0 : Math.round(100f * ofBlue / all);
    }

    private URI target(Colour colour) {
        String group = groups.get(colour);
        String path = paths.computeIfAbsent(group, this::healthCheckPath);
        return api.describeTargetHealth(request -> request.targetGroupArn(group)).targetHealthDescriptions().stream()
                .filter(target -> target.targetHealth().state() == TargetHealthStateEnum.HEALTHY)
                .map(TargetHealthDescription::target)
                .findFirst()
                .map(target -> URI.create("http://" + target.id() + ":" + target.port() + path))
                .orElse(NOBODY);
    }

    private String healthCheckPath(String group) {
        return api.describeTargetGroups(request -> request.targetGroupArns(group))
                .targetGroups()
                .get(0)
                .healthCheckPath();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "listener-follower");
        thread.setDaemon(true);
        return thread;
    }
}
