package io.pitstop.backfill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A line to a server that can be cut: both ends see their connections break, and nobody says why. */
final class CutLine implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();

    /** @param target port of the server on this machine */
    CutLine(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Cuts all connections; new ones are possible. */
    void cut() {
        ends.forEach(CutLine::close);
        ends.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                ends.addAll(List.of(client, server));
                daemon(() -> copy(client, server));
                daemon(() -> copy(server, client));
            }
        } catch (IOException e) {
            // The listener was closed.
            return;
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // The other direction was quicker.
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cut line");
        thread.setDaemon(true);
        thread.start();
    }
}
