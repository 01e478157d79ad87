package io.pitstop.traffic.haproxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** On the way to an HAProxy's socket: hands on each line and its answer, unless a test has other plans with an order. */
final class HaproxyHop implements AutoCloseable {
    private static final String ORDER = "set server";

    private final Path socket;
    private final HaproxyRuntime haproxy;
    private final ServerSocketChannel server;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    private volatile String last = "";

    /** What happens to an order; returns the answer, or null to end the connection without one. */
    interface Fault {
        String to(String line, HaproxyRuntime haproxy) throws IOException;
    }

    static final Fault LOSE_ORDER = (line, haproxy) -> null;

    static final Fault LOSE_ANSWER = (line, haproxy) -> {
        haproxy.tell(line);
        return null;
    };

    HaproxyHop(Path socket, Path haproxy) {
        this.socket = socket;
        this.haproxy = new HaproxyRuntime(haproxy.toString(), Duration.ofSeconds(5));
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "hop");
        thread.setDaemon(true);
        thread.start();
    }

    /** For the next order. */
    HaproxyHop then(Fault fault) {
        faults.add(fault);
        return this;
    }

    /** Ends once it has handed on the answer to {@code line}. */
    void closeAfter(String line) {
        last = line;
    }

    Path socket() {
        return socket;
    }

    long orders() {
        return lines.stream().filter(line -> line.startsWith(ORDER)).count();
    }

    /** All that came. */
    Queue<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                String line = line(connection);
                lines.add(line);
                Fault fault = line.startsWith(ORDER) ? faults.poll() : null;
                String answer = fault == null ? haproxy.tell(line) : fault.to(line, haproxy);
                if (line.equals(last)) {
                    close();
                }
                if (answer != null) {
                    ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        connection.write(bytes);
                    }
                }
            } catch (IOException closed) {
                // the caller sees it as a lost answer
            }
        }
    }

    private static String line(SocketChannel connection) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (line.indexOf("\n") < 0 && connection.read(bytes) >= 0) {
            bytes.flip();
            line.append(StandardCharsets.UTF_8.decode(bytes));
            bytes.clear();
        }
        return line.toString().strip();
    }
}
