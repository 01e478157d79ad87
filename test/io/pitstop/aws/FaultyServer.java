package io.pitstop.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Takes calls of AWS clients, lets faults befall some, and remembers all. */
final class FaultyServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool(FaultyServer::daemon);
    private final Map<String, Queue<Fault>> scripts = new ConcurrentHashMap<>();
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger active = new AtomicInteger();
    private volatile Function<String, Fault> chance = action -> Fault.none();

    /** Carries out one call that has come whole. */
    interface Work {
        Fault.Answer perform(HttpExchange call, byte[] body) throws IOException;
    }

    FaultyServer(Work work) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(workers);
        server.createContext("/", call -> {
            byte[] body = call.getRequestBody().readAllBytes();
            String action = action(call, body);
            calls.add(action);
            active.incrementAndGet();
            try {
                fault(action).befall(call, () -> work.perform(call, body));
            } finally {
                call.close();
                active.decrementAndGet();
            }
        });
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The actions that were asked for, such as {@code DescribeListeners}, in their order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** The next calls of {@code action} meet these faults, one each; those after them are left alone. */
    void script(String action, Fault... faults) {
        scripts.computeIfAbsent(action, any -> new ConcurrentLinkedQueue<>()).addAll(List.of(faults));
    }

    /** What befalls calls for which no fault is scripted. */
    void chance(Function<String, Fault> chance) {
        this.chance = chance;
    }

    /** Waits until no call is under way, those among them whose callers have gone. */
    void awaitQuiet() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (active.get() > 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(active + " calls are still under way");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The fields of a form. */
    static Map<String, String> form(byte[] body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : new String(body, StandardCharsets.UTF_8).split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
            }
        }
        return fields;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private Fault fault(String action) {
        Queue<Fault> script = scripts.get(action);
        Fault scripted = script == null ? null : script.poll();
        return scripted == null ? chance.apply(action) : scripted;
    }

    /** By form, header or path: the protocols of AWS differ in that. */
    private static String action(HttpExchange call, byte[] body) {
        String target = call.getRequestHeaders().getFirst("X-Amz-Target");
        String path = call.getRequestURI().getPath();
        if (target != null) {
            return target.substring(target.indexOf('.') + 1);
        }
        return form(body).getOrDefault("Action", path.substring(path.lastIndexOf('/') + 1));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "faulty-server");
        thread.setDaemon(true);
        return thread;
    }
}
