package io.pitstop.aws;

import com.sun.net.httpserver.HttpExchange;
import io.pitstop.config.AwsConfig;
import io.pitstop.release.Colour;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/**
 * Elastic Load Balancing v2 by its API, in process: it validates as AWS documents, knows what an emulator does not (health
 * that takes its time, draining, fail-open, answers behind the truth), and does wrong on demand. It has CloudWatch's counts of
 * requests too.
 *
 * <p>At its start the load balancer {@code shop} has a listener on port 443, whose default action forwards all requests to
 * {@code shop-blue} and none to {@code shop-green}, each with one healthy target.
 */
public final class FakeElb implements AutoCloseable {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration CALL = Duration.ofSeconds(8);

    private final ElbModel model = new ElbModel();
    private final FakeCloudWatch cloudWatch = new FakeCloudWatch();
    private final FaultyServer server = new FaultyServer(this::perform);
    private final String balancer;
    private final String listener;

    public FakeElb() {
        Tag tag = Tag.builder().key("application").value("shop").build();
        try (ElasticLoadBalancingV2Client elb = client()) {
            balancer = elb.createLoadBalancer(shop -> shop.name("shop").tags(List.of(tag)))
                    .loadBalancers()
                    .get(0)
                    .loadBalancerArn();
            List<TargetGroupTuple> groups = List.of(tuple(elb, Colour.BLUE, 100), tuple(elb, Colour.GREEN, 0));
            listener = elb.createListener(https -> https.loadBalancerArn(balancer)
                            .port(443)
                            .protocol("HTTPS")
                            .defaultActions(List.of(forward(groups))))
                    .listeners()
                    .get(0)
                    .listenerArn();
        }
    }

    public URI address() {
        return server.address();
    }

    /** Clients that talk to this, with the retries of production and less patience. */
    public Aws aws() {
        return aws(address());
    }

    /** Clients that talk to {@code endpoint}, with the retries of production and less patience. */
    public static Aws aws(URI endpoint) {
        return aws(endpoint, ATTEMPT, CALL);
    }

    /** @param attempt after which an answer counts as lost */
    public static Aws aws(URI endpoint, Duration attempt, Duration call) {
        AwsConfig config = new AwsConfig(Optional.of("eu-west-1"), Optional.empty(), Optional.empty());
        return new Aws(config, client -> adapt(client, endpoint, attempt, call));
    }

    /** A client of one's own, for what a person or another tool would do. */
    public ElasticLoadBalancingV2Client client() {
        return aws().loadBalancing();
    }

    /** ARN of the load balancer. */
    public String balancer() {
        return balancer;
    }

    /** ARN of the listener. */
    public String listener() {
        return listener;
    }

    /** ARN of the target group of a colour. */
    public synchronized String group(Colour colour) {
        return model.byName("shop-" + colour).arn;
    }

    /** The weights that count for requests now, whatever answers tell. */
    public synchronized Map<Colour, Integer> weights() {
        return weights(listener);
    }

    /** @param place ARN of a listener or rule */
    public synchronized Map<Colour, Integer> weights(String place) {
        Map<String, Integer> byGroup = ElbActions.weights(model.real(place));
        Map<Colour, Integer> weights = new LinkedHashMap<>();
        for (Colour colour : Colour.values()) {
            weights.put(colour, byGroup.getOrDefault(group(colour), 0));
        }
        return weights;
    }

    /** Somebody else's order, past all faults and not among {@link #calls()}. */
    public synchronized void weigh(int blue, int green) {
        List<Map<String, Object>> groups = List.of(
                new LinkedHashMap<>(Map.of("TargetGroupArn", group(Colour.BLUE), "Weight", String.valueOf(blue))),
                new LinkedHashMap<>(Map.of("TargetGroupArn", group(Colour.GREEN), "Weight", String.valueOf(green))));
        Map<String, Object> forward = Map.of("Type", "forward", "ForwardConfig", Map.of("TargetGroups", groups));
        model.perform("ModifyListener", Map.of("ListenerArn", listener, "DefaultActions", List.of(forward)));
    }

    /** True if users stay with the group that they got first. */
    public synchronized boolean isSticky() {
        return QueryTree.xml(model.real(listener)).contains("<Enabled>true</Enabled>");
    }

    /** Ids of the targets that requests come to now; if a group has none healthy, all of its targets: it fails open. */
    public synchronized List<String> receiving() {
        return model.receiving(listener);
    }

    /** The targets of a colour are found to be in {@code state} from now on, for {@code reason}. */
    public synchronized void find(Colour colour, String state, String reason) {
        model.byName("shop-" + colour)
                .targets
                .forEach(target -> target.told = new ElbGroup.Health(state, reason, "as told"));
    }

    public void sicken(Colour colour) {
        find(colour, "unhealthy", "Target.ResponseCodeMismatch");
    }

    /** Adds a target. */
    public void register(Colour colour, String id, int port) {
        try (ElasticLoadBalancingV2Client elb = client()) {
            elb.registerTargets(order -> order.targetGroupArn(group(colour))
                    .targets(List.of(
                            TargetDescription.builder().id(id).port(port).build())));
        }
    }

    /** CloudWatch counts {@code requests} of a colour in the minute of {@code time}. */
    public synchronized void count(Colour colour, Instant time, int requests) {
        cloudWatch.count(group(colour), time, requests);
    }

    /** CloudWatch fails at the requests of a colour, and tells those of the other. */
    public void loseCounts(Colour colour) {
        tellCounts(colour, "InternalError");
    }

    /** How complete CloudWatch says that the counts of a colour are, a page each. */
    public synchronized void tellCounts(Colour colour, String... statuses) {
        cloudWatch.tell(group(colour), List.of(statuses));
    }

    /** How long a new target stays initial. */
    public synchronized void firstChecksTake(Duration duration) {
        model.firstChecks = duration;
    }

    /** Lets time pass for targets, and for {@link #now()}. */
    public synchronized void pass(Duration time) {
        model.passed = model.passed.plus(time);
    }

    public synchronized Instant now() {
        return model.now();
    }

    /** How many reads after each change are still of what was before. */
    public synchronized void staleReads(IntSupplier reads) {
        model.staleReads = reads;
    }

    /** Most things in one answer; the rest comes with the next page. */
    public synchronized void pageSize(int size) {
        model.pageSize = size;
    }

    /** The next calls of {@code action} meet these faults, one each. */
    public FakeElb then(String action, Fault... faults) {
        server.script(action, faults);
        return this;
    }

    /** What befalls all other calls. */
    public void chance(Function<String, Fault> chance) {
        server.chance(chance);
    }

    /** The actions that were asked for since the start, in their order. */
    public List<String> calls() {
        return server.calls().stream()
                .skip(server.calls().indexOf("CreateListener") + 1L)
                .toList();
    }

    /** How many orders to change a split came here. */
    public int orders() {
        return (int) calls().stream()
                .filter(call -> call.equals("ModifyListener") || call.equals("ModifyRule"))
                .count();
    }

    /** Waits until no call is under way any more, late ones among them. */
    public void awaitQuiet() {
        server.awaitQuiet();
    }

    @Override
    public void close() {
        server.close();
    }

    private synchronized Fault.Answer perform(HttpExchange call, byte[] body) {
        if (call.getRequestURI().getPath().endsWith("/GetMetricData")) {
            return cloudWatch.answer(body);
        }
        Map<String, String> form = FaultyServer.form(body);
        String action = form.getOrDefault("Action", "");
        if (!String.valueOf(call.getRequestHeaders().getFirst("Authorization")).startsWith("AWS4-HMAC-SHA256 ")) {
            return Fault.Answer.error(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
        }
        if (action.equals("GetCallerIdentity")) {
            return Fault.Answer.of(
                    200,
                    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                            + "<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:role/pitstop</Arn>"
                            + "</GetCallerIdentityResult></GetCallerIdentityResponse>");
        }
        try {
            String result = QueryTree.xml(model.perform(action, QueryTree.parse(form)));
            return Fault.Answer.of(
                    200,
                    "<" + action + "Response xmlns=\"http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/\"><"
                            + action + "Result>" + result + "</" + action + "Result><ResponseMetadata><RequestId>0"
                            + "</RequestId></ResponseMetadata></" + action + "Response>");
        } catch (ElbRefusal refusal) {
            return Fault.Answer.error(400, refusal.code(), refusal.getMessage());
        }
    }

    private static TargetGroupTuple tuple(ElasticLoadBalancingV2Client elb, Colour colour, int weight) {
        String arn = elb.createTargetGroup(group ->
                        group.name("shop-" + colour).port(8080).protocol("HTTP").targetType("ip"))
                .targetGroups()
                .get(0)
                .targetGroupArn();
        elb.registerTargets(order -> order.targetGroupArn(arn)
                .targets(List.of(TargetDescription.builder().id(colour + "-1").build())));
        return TargetGroupTuple.builder().targetGroupArn(arn).weight(weight).build();
    }

    private static Action forward(List<TargetGroupTuple> groups) {
        return Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .forwardConfig(
                        ForwardActionConfig.builder().targetGroups(groups).build())
                .build();
    }

    private static void adapt(AwsClientBuilder<?, ?> client, URI endpoint, Duration attempt, Duration call) {
        client.endpointOverride(endpoint)
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(attempt)
                        .apiCallTimeout(call)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(Aws.ATTEMPTS)
                                .backoffStrategy(BackoffStrategy.fixedDelay(Duration.ofMillis(5)))
                                .throttlingBackoffStrategy(BackoffStrategy.fixedDelay(Duration.ofMillis(5)))
                                .build())
                        .build());
    }
}
