package io.pitstop.proxy;

import io.pitstop.release.Colour;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ConnectionPoolErrorHandler;
import io.undertow.server.handlers.proxy.ConnectionPoolManager;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.server.handlers.proxy.ProxyConnectionPool;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.OptionMap;

/** One colour as the proxy sees it: its address, its connections, its health and what it did so far. */
final class Upstream {
    private final Colour colour;
    private final Tally tally = new Tally();
    private volatile Target target;

    Upstream(Colour colour, URI healthCheck) {
        this.colour = colour;
        this.target = new Target(healthCheck);
    }

    /** One address of the colour, with the connections to it and its health. */
    static final class Target {
        private final URI healthCheck;
        private final URI address;
        private final ProxyConnectionPool pool;
        private final Health health = new Health();

        Target(URI healthCheck) {
            this.healthCheck = healthCheck;
            this.address = URI.create("http://" + healthCheck.getRawAuthority());
            this.pool =
                    new ProxyConnectionPool(new PoolSettings(), address, UndertowClient.getInstance(), OptionMap.EMPTY);
        }

        URI healthCheck() {
            return healthCheck;
        }

        Health health() {
            return health;
        }
    }

    /** From now on requests go there; those in flight finish where they are. Does nothing if they go there already. */
    void aimAt(URI healthCheck) {
        if (!healthCheck.equals(target.healthCheck)) {
            target = new Target(healthCheck);
        }
    }

    Colour colour() {
        return colour;
    }

    URI healthCheck() {
        return target.healthCheck;
    }

    Health health() {
        return target.health;
    }

    Target target() {
        return target;
    }

    Tally tally() {
        return tally;
    }

    /** For requests that may be sent again: the other end may close a pooled connection while we write to it. */
    void connectFromPool(HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
        target.pool.connect(null, exchange, then, -1, TimeUnit.MILLISECONDS, false);
    }

    /** For this one request: nobody can have closed the connection for being idle. */
    void connectAfresh(HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
        Target now = target;
        UndertowClient.getInstance()
                .connect(
                        new Fresh(now, exchange, then),
                        null,
                        now.address,
                        exchange.getIoThread(),
                        null,
                        exchange.getConnection().getByteBufferPool(),
                        OptionMap.EMPTY);
    }

    private static final class Fresh implements ClientCallback<ClientConnection> {
        private final Target asked;
        private final HttpServerExchange exchange;
        private final ProxyCallback<ProxyConnection> then;

        Fresh(Target asked, HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
            this.asked = asked;
            this.exchange = exchange;
            this.then = then;
        }

        @Override
        public void completed(ClientConnection connection) {
            if (exchange.isComplete()) {
                IoUtils.safeClose(connection); // its time was up before we got through
                return;
            }
            exchange.addExchangeCompleteListener((ended, next) -> {
                if (!connection.isUpgraded()) {
                    // Not at once: the connection may be just about to report how the request failed.
                    connection.getIoThread().execute(() -> IoUtils.safeClose(connection));
                }
                next.proceed();
            });
            then.completed(exchange, new ProxyConnection(connection, ""));
        }

        @Override
        public void failed(IOException e) {
            if (e instanceof ConnectException) {
                asked.health.refused();
            }
            then.failed(exchange);
        }
    }

    /** Numbers are per I/O thread. Connections need no limit of their own: a client's holds one of ours at most. */
    private static final class PoolSettings extends ConnectionPoolErrorHandler.SimpleConnectionPoolErrorHandler
            implements ConnectionPoolManager {
        @Override
        public boolean isAvailable() {
            return true; // whether to send requests there is for the health checks to say
        }

        @Override
        public int getMaxConnections() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int getMaxCachedConnections() {
            return 64;
        }

        @Override
        public int getSMaxConnections() {
            return 0;
        }

        /** Shorter than the idle time of any usual server: 2 s and 5 s are the shortest defaults in use. */
        @Override
        public long getTtl() {
            return 1_000;
        }

        @Override
        public int getMaxQueueSize() {
            return 0;
        }

        @Override
        public int getProblemServerRetry() {
            return 0;
        }
    }
}
