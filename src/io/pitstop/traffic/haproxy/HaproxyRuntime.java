package io.pitstop.traffic.haproxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * HAProxy's runtime API: one line of commands on a connection, whose end is the end of the answer. Interrupts do not cut
 * it short, because its channels never block.
 */
final class HaproxyRuntime {
    private static final int LONGEST_ANSWER = 16 << 20;

    private final String address;
    private final Duration within;

    /**
     * @param address path of a Unix socket, or {@code host:port}
     * @param within how long an answer may take, from the connection to its last byte
     */
    HaproxyRuntime(String address, Duration within) {
        this.address = address;
        this.within = within;
    }

    /**
     * Sends {@code commands} and returns the answer.
     *
     * @param commands separated by {@code ;}
     * @throws ConnectException if there was no connection, so that HAProxy cannot have got them
     * @throws IOException if the answer was lost: HAProxy may have got them
     */
    String tell(String commands) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        try (SocketChannel channel = open();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            connect(channel, selector, deadline);
            ByteBuffer line = ByteBuffer.wrap((commands + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                if (channel.write(line) == 0) {
                    await(channel, selector, SelectionKey.OP_WRITE, deadline);
                }
            }
            return answer(channel, selector, deadline);
        }
    }

    private SocketChannel open() throws ConnectException {
        try {
            return SocketChannel.open(isUnix() ? StandardProtocolFamily.UNIX : family());
        } catch (IOException e) {
            throw unconnected(e);
        }
    }

    private void connect(SocketChannel channel, Selector selector, long deadline) throws ConnectException {
        try {
            if (!channel.connect(socketAddress())) {
                await(channel, selector, SelectionKey.OP_CONNECT, deadline);
                channel.finishConnect();
            }
        } catch (IOException e) {
            throw unconnected(e);
        }
    }

    private String answer(SocketChannel channel, Selector selector, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(16 << 10);
        while (true) {
            int read = channel.read(part);
            if (read < 0) {
                return whole(answer.toString(StandardCharsets.UTF_8));
            }
            if (read == 0) {
                await(channel, selector, SelectionKey.OP_READ, deadline);
            }
            answer.write(part.array(), 0, part.position());
            part.clear();
            if (answer.size() > LONGEST_ANSWER) {
                throw new IOException("the answer is longer than " + LONGEST_ANSWER + " bytes");
            }
        }
    }

    /** A connection that ended without a word is no answer: each command is answered by a line at least. */
    private static String whole(String answer) throws IOException {
        if (!answer.endsWith("\n")) {
            throw new EOFException("the connection ended before the answer did");
        }
        return answer;
    }

    private void await(SocketChannel channel, Selector selector, int operation, long deadline) throws IOException {
        channel.register(selector, operation);
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0 || (selector.select(left) == 0 && System.nanoTime() >= deadline)) {
            throw new SocketTimeoutException("no answer within " + within.toMillis() + " ms");
        }
        selector.selectedKeys().clear();
    }

    private boolean isUnix() {
        return address.startsWith("/");
    }

    private StandardProtocolFamily family() {
        return address.startsWith("[") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private SocketAddress socketAddress() throws ConnectException {
        if (isUnix()) {
            return UnixDomainSocketAddress.of(address);
        }
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        InetSocketAddress found = new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
        if (found.isUnresolved()) {
            throw new ConnectException("no address is known for " + host);
        }
        return found;
    }

    private static ConnectException unconnected(IOException cause) {
        ConnectException failure = new ConnectException(String.valueOf(cause.getMessage()));
        failure.initCause(cause);
        return failure;
    }
}
