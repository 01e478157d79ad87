package io.pitstop.prove.wire;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One session of the agent, passed on to the server; the answer to an action is held back until it may be heard. */
final class DatabaseLine implements AutoCloseable {
    private static final int LONGEST = 256 << 20;

    private final Socket client;
    private final Socket server;
    private final Toll toll;
    private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();
    private volatile int backend;

    DatabaseLine(Socket client, Socket server, Toll toll) {
        this.client = client;
        this.server = server;
        this.toll = toll;
    }

    /** Passes on what the client says, until either side ends. */
    void forth() {
        try (this) {
            Frontend frontend = new Frontend(new DataInputStream(new BufferedInputStream(client.getInputStream())));
            OutputStream out = server.getOutputStream();
            out.write(frontend.startup());
            out.flush();
            while (true) {
                Frontend.Group group = frontend.next();
                Passage passage =
                        group.action().map(action -> pass(action, Side.BEFORE)).orElse(Passage.GO);
                if (passage != Passage.GO && passage != Passage.REFUSE) {
                    return;
                }
                group.action().ifPresent(unanswered::add);
                out.write(passage == Passage.REFUSE ? FullDisk.insteadOf(group) : group.bytes());
                out.flush();
            }
        } catch (IOException e) {
            // One of them has hung up, and so do we.
            return;
        }
    }

    /** Passes on what the server says; that it is ready for more, only when what it did may be known. */
    void back() {
        try (this) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
            OutputStream out = client.getOutputStream();
            while (true) {
                byte type = in.readByte();
                int length = in.readInt();
                if (length < 4 || length > LONGEST) {
                    return;
                }
                ByteBuffer message = ByteBuffer.allocate(1 + length).put(type).putInt(length);
                in.readFully(message.array(), 5, length - 4);
                if (type == 'K') {
                    backend = message.getInt(5);
                }
                if (type == 'Z' && !answered()) {
                    return;
                }
                out.write(message.array());
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            // One of them has hung up, and so do we.
            return;
        }
    }

    /** The first word of the server that it is ready answers the login. */
    private boolean answered() {
        String action = unanswered.poll();
        return action == null || pass(action, Side.AFTER) == Passage.GO;
    }

    private Passage pass(String action, Side side) {
        return toll.pass(action, side, OptionalInt.of(backend));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
