package io.pitstop.aws;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that notes whereto it was to make a tunnel, and refuses. */
final class TunnelProxy implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ServerSocket server;

    private TunnelProxy(ServerSocket server) {
        this.server = server;
    }

    static TunnelProxy start() {
        try {
            TunnelProxy proxy = new TunnelProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
            Thread thread = new Thread(proxy::serve, "tunnel-proxy");
            thread.setDaemon(true);
            thread.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
                asked.add(String.valueOf(lines.readLine()));
                client.getOutputStream()
                        .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // This client is gone, or the proxy was closed.
                continue;
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
