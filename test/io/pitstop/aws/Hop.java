package io.pitstop.aws;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Stands between a client of AWS and a server that can do no wrong, and lets calls be lost, delayed, cut or throttled. */
public final class Hop implements AutoCloseable {
    private static final Set<String> OURS =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect");
    private static final int PATIENCE_MS = 20_000;

    private final URI service;
    private final FaultyServer server;

    /** @param service where calls go that come through, such as {@code http://127.0.0.1:5000} */
    public Hop(URI service) {
        this.service = service;
        this.server = new FaultyServer(this::forward);
    }

    public URI address() {
        return server.address();
    }

    /** The actions that were asked for, lost ones among them. */
    public List<String> calls() {
        return server.calls();
    }

    /** The next calls of {@code action} meet these faults, one each. */
    public Hop then(String action, Fault... faults) {
        server.script(action, faults);
        return this;
    }

    /** What befalls all other calls. */
    public void chance(Function<String, Fault> chance) {
        server.chance(chance);
    }

    @Override
    public void close() {
        server.close();
    }

    private Fault.Answer forward(HttpExchange call, byte[] body) throws IOException {
        HttpURLConnection onward = (HttpURLConnection)
                service.resolve(call.getRequestURI()).toURL().openConnection();
        onward.setConnectTimeout(PATIENCE_MS);
        onward.setReadTimeout(PATIENCE_MS);
        onward.setRequestMethod(call.getRequestMethod());
        for (Map.Entry<String, List<String>> header : call.getRequestHeaders().entrySet()) {
            if (!OURS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> onward.addRequestProperty(header.getKey(), value));
            }
        }
        if (body.length > 0) {
            onward.setDoOutput(true);
            onward.getOutputStream().write(body);
        }
        int status = onward.getResponseCode();
        try (InputStream told = status < 400 ? onward.getInputStream() : onward.getErrorStream()) {
            return new Fault.Answer(status, headers(onward), told == null ? new byte[0] : told.readAllBytes());
        }
    }

    private static Map<String, String> headers(HttpURLConnection onward) {
        Map<String, String> headers = new TreeMap<>();
        onward.getHeaderFields().forEach((name, values) -> {
            if (name != null && !OURS.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values.get(0));
            }
        });
        return headers;
    }
}
