package io.pitstop.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A small HTTP server on bare sockets, so that a test decides when exactly a connection dies. It answers with its name,
 * the method and the length of the body it got.
 */
final class FakeApp implements AutoCloseable {
    private final String name;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Set<Socket> idle = ConcurrentHashMap.newKeySet();
    private final Queue<String> served = new ConcurrentLinkedQueue<>();
    private final Queue<Map<String, String>> heads = new ConcurrentLinkedQueue<>();
    private ServerSocket server;
    volatile boolean sick;
    volatile int idleMillis;
    volatile CountDownLatch hold = new CountDownLatch(0);

    FakeApp(String name) {
        this.name = name;
        listen(0);
    }

    URI health() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/health");
    }

    /** Method and target of all requests but health checks, in the order in which they were read. */
    List<String> served() {
        return List.copyOf(served);
    }

    /** Headers of these requests, names in lower case. */
    List<Map<String, String>> heads() {
        return List.copyOf(heads);
    }

    int openConnections() {
        return connections.size();
    }

    /** As kill -9 does: nobody listens any more, open connections break. */
    void kill() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(FakeApp::reset);
    }

    /** Resets the connections that served a request and wait for the next, as a server that is short of them does. */
    void dropIdle() {
        idle.forEach(FakeApp::reset);
    }

    void startAgain() {
        listen(server.getLocalPort());
    }

    @Override
    public void close() {
        hold.countDown();
        kill();
    }

    private void listen(int port) {
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerSocket accepting = server;
        start(() -> accept(accepting));
    }

    private void accept(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                Socket connection = accepting.accept();
                connections.add(connection);
                if (accepting.isClosed()) {
                    reset(connection); // killed between the accept and the note of it
                }
                start(() -> converse(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void converse(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (boolean isNew = true; ; isNew = false) {
                connection.setSoTimeout(isNew ? 0 : idleMillis); // a new connection is not an idle one
                String start = Http.line(in);
                if (start == null) {
                    return;
                }
                idle.remove(connection);
                connection.setSoTimeout(0);
                Map<String, String> headers = Http.headers(in);
                String request = start.substring(0, start.lastIndexOf(' '));
                if (!request.endsWith("/health")) {
                    heads.add(new HashMap<>(headers));
                    served.add(request);
                }
                if (headers.containsKey("expect")) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                long length = Http.bodyLength(in, headers);
                if (!answer(request, length, connection)) {
                    return;
                }
                idle.add(connection);
            }
        } catch (IOException | InterruptedException gone) {
            // The proxy, the idle limit or the test closed it.
        } finally {
            idle.remove(connection);
            connections.remove(connection);
        }
    }

    /** @return whether the connection goes on */
    private boolean answer(String request, long length, Socket connection) throws IOException, InterruptedException {
        OutputStream out = connection.getOutputStream();
        if (request.endsWith("/health")) {
            write(out, sick ? "503 Sick" : "200 OK", "");
            return true;
        }
        if (request.contains("/hold")) {
            hold.await();
        }
        if (request.contains("/break")) {
            return false;
        }
        if (request.contains("/cut")) {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this".getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        if (request.contains("/bye")) {
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbye\r\n0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        if (request.startsWith("HEAD")) {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        if (request.contains("/empty")) {
            out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        String status = request.contains("/fail") ? "500 Broken" : "200 OK";
        write(out, status, name + " " + request + " " + length);
        return true;
    }

    private static void reset(Socket connection) {
        try {
            connection.setSoLinger(true, 0);
            connection.close();
        } catch (IOException closed) {
            // by its own thread, in the meantime
        }
    }

    private static void write(OutputStream out, String status, String body) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "app-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
