package io.pitstop.proxy;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient.ProxyTarget;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.Set;

/** One request on its way: which colour is asked, and how it went so far. Lives in the request's I/O thread. */
final class Attempt implements ProxyTarget {
    static final AttachmentKey<Attempt> OF = AttachmentKey.create(Attempt.class);

    private static final HttpString COLOUR = new HttpString("X-Pitstop-Colour");
    // Not PUT and DELETE: a copy that is executed late would undo what another client wrote in between.
    private static final Set<HttpString> READS = Set.of(Methods.GET, Methods.HEAD, Methods.OPTIONS, Methods.TRACE);

    private final ClientSide client;
    private final Duration limit;
    private final long arrived = System.nanoTime();
    private Upstream upstream;
    private long began;
    private boolean fresh;
    private boolean connecting;
    private boolean moved;
    private boolean unanswered;
    private boolean clientLeft;

    private Attempt(ClientSide client, Duration limit) {
        this.client = client;
        this.limit = limit;
    }

    static Attempt begin(HttpServerExchange exchange, Duration limit) {
        Attempt attempt = new Attempt(new ClientSide(exchange.getConnection()), limit);
        exchange.putAttachment(OF, attempt);
        exchange.addRequestWrapper((factory, ignored) -> attempt.client.body(factory.create()));
        exchange.addResponseWrapper((factory, answered) -> {
            attempt.label(answered);
            return attempt.client.answer(factory.create());
        });
        exchange.addDefaultResponseListener(attempt::endedEarly);
        exchange.addExchangeCompleteListener((ended, next) -> {
            attempt.end(ended.getStatusCode());
            next.proceed();
        });
        return attempt;
    }

    /** True if the application may get this request twice: it only reads, and has no body that is already gone. */
    static boolean mayBeSentAgain(HttpServerExchange exchange) {
        return READS.contains(exchange.getRequestMethod()) && exchange.isRequestComplete();
    }

    /** Null before the first colour was chosen. */
    Upstream upstream() {
        return upstream;
    }

    /** True once a connection was tried that nobody had used before. */
    boolean wasFresh() {
        return fresh;
    }

    boolean wasMoved() {
        return moved;
    }

    void assign(Upstream chosen, boolean fromPool) {
        upstream = chosen;
        fresh = !fromPool;
        began = System.nanoTime();
        chosen.tally().begin();
    }

    void tryAfresh() {
        fresh = true;
    }

    void moveTo(Upstream other) {
        upstream.tally().leave();
        moved = true;
        assign(other, false);
    }

    /**
     * True between {@link #connect} and its outcome, which always comes later. A try that failed is sometimes reported
     * twice at once, by whoever wrote and whoever closed; the second report must not start a try beside the first.
     */
    boolean isConnecting() {
        return connecting;
    }

    void connect(HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
        connecting = true;
        ProxyCallback<ProxyConnection> outcome = new Outcome(then);
        if (fresh) {
            upstream.connectAfresh(exchange, outcome);
        } else {
            upstream.connectFromPool(exchange, outcome);
        }
    }

    private final class Outcome implements ProxyCallback<ProxyConnection> {
        private final ProxyCallback<ProxyConnection> then;

        Outcome(ProxyCallback<ProxyConnection> then) {
            this.then = then;
        }

        @Override
        public void completed(HttpServerExchange exchange, ProxyConnection connection) {
            connecting = false;
            then.completed(exchange, connection);
        }

        @Override
        public void failed(HttpServerExchange exchange) {
            connecting = false;
            then.failed(exchange);
        }

        @Override
        public void couldNotResolveBackend(HttpServerExchange exchange) {
            connecting = false;
            then.couldNotResolveBackend(exchange);
        }

        @Override
        public void queuedRequestFailed(HttpServerExchange exchange) {
            failed(exchange);
        }
    }

    private void label(HttpServerExchange exchange) {
        if (exchange.getStatusCode() != StatusCodes.SWITCHING_PROTOCOLS) {
            // How long the colour keeps its connection to us is none of the client's business.
            exchange.getResponseHeaders().remove(Headers.CONNECTION);
            exchange.getResponseHeaders().remove(Headers.KEEP_ALIVE);
        }
        if (!unanswered) {
            exchange.getResponseHeaders().put(COLOUR, upstream.colour().toString());
        }
    }

    /** Called if there is no answer, or if the client went away. */
    private boolean endedEarly(HttpServerExchange exchange) {
        clientLeft = client.isGone();
        if (clientLeft || !exchange.isResponseChannelAvailable()) {
            return false;
        }
        unanswered = true;
        exchange.getResponseHeaders().clear();
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        boolean tooLate = exchange.getStatusCode() == StatusCodes.GATEWAY_TIME_OUT
                || System.nanoTime() - arrived >= limit.toNanos();
        exchange.setStatusCode(tooLate ? StatusCodes.GATEWAY_TIME_OUT : StatusCodes.SERVICE_UNAVAILABLE);
        exchange.getResponseSender()
                .send(upstream.colour()
                        + (tooLate ? " did not answer within " + limit.toMillis() + " ms\n" : " did not answer\n"));
        return true;
    }

    private void end(int status) {
        clientLeft |= client.hasPartOfAnswer() && client.isGone();
        boolean failed = status >= StatusCodes.INTERNAL_SERVER_ERROR || client.hasPartOfAnswer();
        upstream.tally().end(failed && !clientLeft, Duration.ofNanos(System.nanoTime() - began));
    }
}
