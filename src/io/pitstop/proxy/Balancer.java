package io.pitstop.proxy;

import io.pitstop.release.Colour;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Takes the users' requests and chooses the colour that gets each.
 *
 * <p>A colour that is down leaves its requests to the other one, if that is healthy and has a share of its own: a colour
 * that was given no traffic may run a version that the database of the moment does not suit, so nobody gets there by
 * accident. Without such another colour, the one that is down is asked all the same; it may be better than its checks.
 */
final class Balancer implements HttpHandler, ProxyClient {
    // From the pool, on a connection of its own, at the other colour; each may report its failure twice.
    private static final int MOST_REPORTS = 6;
    private static final ProxyTarget ALREADY_TRYING = new ProxyTarget() {};

    private final LiveSplit split;
    private final Map<Colour, Upstream> upstreams;
    private final Duration requestLimit;
    private final HttpHandler proxy;
    private volatile boolean stopping;

    Balancer(LiveSplit split, Map<Colour, Upstream> upstreams, Duration requestLimit) {
        this.split = split;
        this.upstreams = upstreams;
        this.requestLimit = requestLimit;
        this.proxy = ProxyHandler.builder()
                .setProxyClient(this)
                .setMaxRequestTime((int) requestLimit.toMillis())
                .setMaxConnectionRetries(MOST_REPORTS)
                .setIdempotentRequestPredicate(Attempt::mayBeSentAgain)
                .build();
    }

    /** From now on clients are told with each answer that it is the last on its connection. */
    void stop() {
        stopping = true;
    }

    int inFlight() {
        return upstreams.values().stream()
                .mapToInt(upstream -> upstream.tally().inFlight())
                .sum();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (stopping) {
            exchange.setPersistent(false);
        }
        exchange.getRequestHeaders().remove(Headers.X_FORWARDED_HOST); // only we know what the client asked us for
        Attempt.begin(exchange, requestLimit);
        proxy.handleRequest(exchange);
    }

    /** Called once for each try: a further one comes if no connection was made, or if the request may be sent again. */
    @Override
    public ProxyTarget findTarget(HttpServerExchange exchange) {
        Attempt attempt = exchange.getAttachment(Attempt.OF);
        if (attempt.isConnecting()) {
            return ALREADY_TRYING;
        }
        if (attempt.upstream() == null) {
            attempt.assign(choose(), Attempt.mayBeSentAgain(exchange));
            return attempt;
        }
        if (!attempt.wasFresh()) {
            attempt.tryAfresh();
            return attempt;
        }
        Upstream other = upstreams.get(attempt.upstream().colour().other());
        if (attempt.wasMoved() || !canTakeOver(other)) {
            return null;
        }
        attempt.moveTo(other);
        return attempt;
    }

    @Override
    public void getConnection(
            ProxyTarget target,
            HttpServerExchange exchange,
            ProxyCallback<ProxyConnection> then,
            long timeout,
            TimeUnit unit) {
        if (target instanceof Attempt attempt) {
            attempt.connect(exchange, then);
        }
    }

    @Override
    public List<ProxyTarget> getAllTargets() {
        return List.of();
    }

    private Upstream choose() {
        Colour colour = split.now().colourFor(ThreadLocalRandom.current().nextInt(100));
        Upstream wanted = upstreams.get(colour);
        Upstream other = upstreams.get(colour.other());
        if (wanted.health().state().healthy() || !canTakeOver(other)) {
            return wanted;
        }
        wanted.tally().divert();
        return other;
    }

    private boolean canTakeOver(Upstream upstream) {
        return split.now().of(upstream.colour()) > 0
                && upstream.health().state().healthy();
    }
}
