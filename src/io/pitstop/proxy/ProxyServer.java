package io.pitstop.proxy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Colour;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * An HTTP/1.1 reverse proxy in front of both colours.
 *
 * <p>New requests follow the split from the instant it is acknowledged; requests in flight finish where they are. A
 * request that may change something is sent at most once, and on a connection of its own, so that it cannot meet one
 * that its colour has just closed.
 */
public final class ProxyServer implements AutoCloseable {
    private static final int IO_THREADS = 2;
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int MOST_CONNECTIONS = 8_192;
    private static final int LONGEST_HEAD_BYTES = 64 * 1024;
    private static final long POLL_MILLIS = 10;

    // What these report as errors is normal life of a proxy, and counted. The field keeps them from being collected.
    private static final List<Logger> QUIET = Stream.of("io.undertow", "org.xnio", "org.jboss.threads")
            .map(Logger::getLogger)
            .toList();

    private final ProxyConfig config;
    private final Balancer balancer;
    private final ProxyAdmin admin;
    private final HealthChecks checks;
    private final XnioWorker worker;
    private final Undertow undertow;
    private final InetSocketAddress address;
    private final InetSocketAddress adminAddress;
    private boolean closed;

    private ProxyServer(
            ProxyConfig config,
            Balancer balancer,
            ProxyAdmin admin,
            HealthChecks checks,
            XnioWorker worker,
            Undertow undertow) {
        this.config = config;
        this.balancer = balancer;
        this.admin = admin;
        this.checks = checks;
        this.worker = worker;
        this.undertow = undertow;
        this.address = addressOf(0);
        this.adminAddress = addressOf(1);
    }

    /**
     * Returns once both addresses take connections.
     *
     * @throws DependencyFailed if an address is taken, or the state folder cannot be used
     */
    public static ProxyServer start(ProxyConfig config) {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
        Map<Colour, Upstream> upstreams = new EnumMap<>(Colour.class);
        for (Colour colour : Colour.values()) {
            upstreams.put(colour, new Upstream(colour, config.healthCheckOf(colour)));
        }
        try {
            StateFolder folder = StateFolder.at(config.stateDir());
            LiveSplit split = LiveSplit.resume(folder, config.initial());
            Balancer balancer = new Balancer(split, upstreams, config.limits().request());
            ProxyAdmin admin = new ProxyAdmin(folder.token(), split, upstreams);
            HealthChecks checks = new HealthChecks(
                    config.limits().checkInterval(), config.limits().check());
            ProxyServer server = listen(config, balancer, admin, checks);
            upstreams.values().forEach(checks::watch);
            return server;
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The proxy cannot keep its state in " + config.stateDir() + ": " + e + ".",
                    "Make room and give this user the right to write there.",
                    e);
        }
    }

    /** Where users' requests are taken. */
    public InetSocketAddress address() {
        return address;
    }

    /** Where orders are taken. */
    public InetSocketAddress adminAddress() {
        return adminAddress;
    }

    /**
     * Does what another system wants, whatever the health checks say: that system has checks of its own.
     *
     * @throws DependencyFailed if the split cannot be saved; it is as it was
     */
    public void show(Picture wanted) {
        try {
            admin.show(wanted);
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The proxy cannot save its split in " + config.stateDir() + ": " + e + ".", "Make room there.", e);
        }
    }

    /** Takes no new connections, lets requests in flight finish within the limit, and cuts what is left. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        balancer.stop();
        undertow.stop(); // closes the listeners only, since the worker is ours
        awaitRequestsInFlight();
        checks.close();
        worker.shutdownNow();
    }

    private void awaitRequestsInFlight() {
        long end = System.nanoTime() + config.limits().drain().toNanos();
        try {
            while (balancer.inFlight() > 0 && System.nanoTime() < end) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever stops us does not want to wait
        }
    }

    private InetSocketAddress addressOf(int listener) {
        return (InetSocketAddress) undertow.getListenerInfo().get(listener).getAddress();
    }

    private static ProxyServer listen(ProxyConfig config, Balancer balancer, ProxyAdmin admin, HealthChecks checks)
            throws IOException {
        XnioWorker worker = Xnio.getInstance()
                .createWorker(OptionMap.builder()
                        .set(Options.WORKER_NAME, "proxy")
                        .set(Options.WORKER_IO_THREADS, IO_THREADS)
                        .set(Options.WORKER_TASK_CORE_THREADS, 1)
                        .set(Options.WORKER_TASK_MAX_THREADS, 2)
                        .set(Options.CONNECTION_HIGH_WATER, MOST_CONNECTIONS)
                        .set(Options.CONNECTION_LOW_WATER, MOST_CONNECTIONS)
                        .set(Options.TCP_NODELAY, true)
                        .getMap());
        Undertow undertow = Undertow.builder()
                .setWorker(worker)
                .setBufferSize(BUFFER_BYTES)
                .setServerOption(
                        UndertowOptions.MAX_ENTITY_SIZE, -1L) // how much is too much is for the application to say
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, LONGEST_HEAD_BYTES)
                .addHttpListener(config.listen().getPort(), config.listen().getHostString(), balancer)
                .addHttpListener(config.admin().getPort(), config.admin().getHostString(), admin)
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            worker.shutdownNow();
            checks.close();
            throw cannotListen(config, e);
        }
        return new ProxyServer(config, balancer, admin, checks, worker, undertow);
    }

    private static RuntimeException cannotListen(ProxyConfig config, RuntimeException failure) {
        if (failure.getCause() instanceof IOException cause) {
            return new DependencyFailed(
                    "The proxy cannot listen on " + text(config.listen()) + " and " + text(config.admin()) + ": "
                            + cause.getMessage() + ".",
                    "Stop what listens there, or choose other ports.",
                    cause);
        }
        return failure;
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
