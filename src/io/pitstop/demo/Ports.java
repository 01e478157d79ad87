package io.pitstop.demo;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The ports of a stage on 127.0.0.1: two of the proxy, one of each colour, one of an API of AWS. */
record Ports(int listen, int admin, int blue, int green, int api) {
    private static final int TRIES = 100;
    /** Below those that systems give to outgoing connections: one of these might take it before the server does. */
    private static final int LOWEST = 15_000;

    private static final int HIGHEST = 32_000;

    static Ports free() {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            // All at once, so that none is given out twice.
            for (int i = 0; i < 5; i++) {
                sockets.add(open());
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return of(ports);
        } catch (IOException e) {
            throw new DependencyFailed("No free port on 127.0.0.1: " + e.getMessage(), "Close some programs.", e);
        }
    }

    /** On a port that nobody has, until it is closed. */
    static ServerSocket open() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                continue;
            }
        }
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** @param text as {@link #toString} wrote it */
    static Ports parse(String text) {
        return of(Stream.of(text.split(" ")).map(Integer::valueOf).toList());
    }

    @Override
    public String toString() {
        return listen + " " + admin + " " + blue + " " + green + " " + api;
    }

    private static Ports of(List<Integer> ports) {
        return new Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
    }
}
