package io.pitstop.prove.wire;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A port on 127.0.0.1 behind which is a PostgreSQL server, for the agent alone. */
public final class DatabaseWire implements AutoCloseable {
    private static final int PATIENCE_MS = 2_000;

    private final ServerSocket entrance;
    private final int server;
    private final Toll toll;

    private DatabaseWire(ServerSocket entrance, int server, Toll toll) {
        this.entrance = entrance;
        this.server = server;
        this.toll = toll;
    }

    /** @param server port of the server on 127.0.0.1 */
    public static DatabaseWire open(int server, Toll toll) {
        try {
            DatabaseWire wire =
                    new DatabaseWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server, toll);
            daemon(wire::accept, "database wire");
            return wire;
        } catch (IOException e) {
            throw new DependencyFailed("No free port on 127.0.0.1: " + e.getMessage(), "Close some programs.", e);
        }
    }

    public int port() {
        return entrance.getLocalPort();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                pass(entrance.accept());
            } catch (IOException e) {
                // Closed, or a client that gave up before it was heard.
                continue;
            }
        }
    }

    private void pass(Socket client) throws IOException {
        Socket behind = new Socket();
        try {
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            behind.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server), PATIENCE_MS);
        } catch (IOException e) {
            // As the client would have found it: nobody there.
            client.close();
            return;
        }
        DatabaseLine line = new DatabaseLine(client, behind, toll);
        daemon(line::forth, "to the database");
        daemon(line::back, "from the database");
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            // It listens no more all the same.
            return;
        }
    }

    static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
