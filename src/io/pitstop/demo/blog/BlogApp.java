package io.pitstop.demo.blog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The application of the demo: a blog over HTTP, version 1 or 2, in a process of its own.
 *
 * <p>Environment: PORT, COLOUR, APP_VERSION (1 or 2), BLOG_DB_URL, BLOG_DB_USER, BLOG_DB_PASSWORD.
 */
public final class BlogApp implements AutoCloseable {
    /** Longer than any proxy keeps an idle connection, or it would send a request into a connection we close. */
    private static final int IDLE_MILLIS = (int) Duration.ofMinutes(10).toMillis();

    /** As many workers as connections: more of them would only wait for one, and Hikari lets waiters burn time. */
    private static final int CONNECTIONS = 8;

    private static final long LONGEST_REQUEST_BYTES = 1 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMillis(200);

    private final HikariDataSource database;
    private final Undertow server;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long lastRequest = System.nanoTime();
    private volatile boolean draining;

    private BlogApp(BlogSettings settings) {
        database = pool(settings);
        Posts posts = settings.version().equals("1") ? new PostsV1() : new PostsV2();
        server = Undertow.builder()
                .addHttpListener(settings.port(), "127.0.0.1")
                .setIoThreads(2)
                .setWorkerThreads(CONNECTIONS)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
                .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, LONGEST_REQUEST_BYTES)
                .setHandler(counting(new BlockingHandler(new BlogApi(settings, database, posts).routes())))
                .build();
    }

    public static void main(String[] arguments) {
        BlogSettings settings = BlogSettings.from(System.getenv());
        BlogApp app = start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "stop"));
        System.out.println(settings + " listens on port " + app.port() + ".");
    }

    /**
     * Starts the blog in this process.
     *
     * @param environment what a process of its own would find in its environment
     */
    public static BlogApp start(Map<String, String> environment) {
        return start(BlogSettings.from(environment));
    }

    private static BlogApp start(BlogSettings settings) {
        BlogApp app = new BlogApp(settings);
        try {
            app.server.start();
        } catch (RuntimeException e) {
            app.database.close(); // its threads would keep a process alive that serves nobody
            throw e;
        }
        return app;
    }

    public int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /**
     * Stops when nobody asks any more: requests are answered, with the wish to close the connection, until none has
     * come for a moment. So a router that has not heard of the stop yet loses nothing.
     */
    @Override
    public void close() {
        draining = true;
        long end = System.nanoTime() + DRAIN.toNanos();
        while (!quiet() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        server.stop();
        database.close();
    }

    private boolean quiet() {
        return inFlight.get() == 0 && System.nanoTime() - lastRequest > QUIET.toNanos();
    }

    private HttpHandler counting(HttpHandler next) {
        return exchange -> {
            inFlight.incrementAndGet();
            lastRequest = System.nanoTime();
            exchange.addExchangeCompleteListener((done, following) -> {
                inFlight.decrementAndGet();
                following.proceed();
            });
            if (draining) {
                exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
            }
            next.handleRequest(exchange);
        };
    }

    private static HikariDataSource pool(BlogSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        config.addDataSourceProperty("ApplicationName", "blog-" + settings.colour());
        config.addDataSourceProperty("socketTimeout", "30");
        return new HikariDataSource(config);
    }
}
