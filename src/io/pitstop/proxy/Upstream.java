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
    private final URI healthCheck;
    private final URI address;
    private final ProxyConnectionPool pool;
    private final Health health = new Health();
    private final Tally tally = new Tally();

    Upstream(Colour colour, URI healthCheck) {
        this.colour = colour;
        this.healthCheck = healthCheck;
        this.address = URI.create("http://" + healthCheck.getRawAuthority());
        this.pool = new ProxyConnectionPool(new PoolSettings(), address, UndertowClient.getInstance(), OptionMap.EMPTY);
    }

    Colour colour() {
        return colour;
    }

    URI healthCheck() {
        return healthCheck;
    }

    Health health() {
        return health;
    }

    Tally tally() {
        return tally;
    }

    /** For requests that may be sent again: the other end may close a pooled connection while we write to it. */
    void connectFromPool(HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
        pool.connect(null, exchange, then, -1, TimeUnit.MILLISECONDS, false);
    }

    /** For this one request: nobody can have closed the connection for being idle. */
    void connectAfresh(HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
        UndertowClient.getInstance()
                .connect(
                        new Fresh(exchange, then),
                        null,
                        address,
                        exchange.getIoThread(),
                        null,
                        exchange.getConnection().getByteBufferPool(),
                        OptionMap.EMPTY);
    }

    private final class Fresh implements ClientCallback<ClientConnection> {
        private final HttpServerExchange exchange;
        private final ProxyCallback<ProxyConnection> then;

        Fresh(HttpServerExchange exchange, ProxyCallback<ProxyConnection> then) {
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
                health.refused();
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
