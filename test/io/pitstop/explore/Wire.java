package io.pitstop.explore;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.SocketFactory;

/** The way of an agent's sessions to the server, tapped: whoever listens learns of each write before it goes out. */
public final class Wire extends SocketFactory {
    private static final Map<String, Consumer<Moment>> TAPS = new ConcurrentHashMap<>();

    private static final Map<String, ReentrantLock> HEARTS = new ConcurrentHashMap<>();

    private final String agent;

    /** The driver makes one for each session. */
    public Wire(String agent) {
        this.agent = agent;
    }

    /** What comes next if the agent lives on. */
    enum Moment {
        /** A transaction of a lease begins: its session holds no lock, so that others can get by. */
        BEGIN,
        /** What is in work becomes visible to all. */
        COMMIT,
        /** One statement that is a transaction of its own, in any session. */
        WRITE
    }

    /** Parameters of a JDBC URL that lead the sessions of {@code agent} over the wire, with all statements in the open. */
    static String parameters(String agent) {
        return "socketFactory=" + Wire.class.getName() + "&socketFactoryArg=" + agent + "&prepareThreshold=0";
    }

    static void tap(String agent, Consumer<Moment> tap) {
        TAPS.put(agent, tap);
    }

    /** While somebody holds it, no lease of {@code agent} shows signs of life. */
    static ReentrantLock heart(String agent) {
        return HEARTS.computeIfAbsent(agent, any -> new ReentrantLock());
    }

    @Override
    public Socket createSocket() {
        return new Tapped(agent);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        throw new IOException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        throw new IOException("the driver connects by itself");
    }

    private static final class Tapped extends Socket {
        private final String agent;

        Tapped(String agent) {
            this.agent = agent;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new Statements(super.getOutputStream(), agent);
        }
    }

    /**
     * Knows of PostgreSQL's protocol 3 that a simple statement is a Q, its length and its text, ended by a zero byte, and
     * that the text of a prepared one stands between two zero bytes.
     */
    private static final class Statements extends FilterOutputStream {
        private static final String HEARTBEAT = "SET heartbeat_at";

        private final String agent;
        private boolean inTransaction;
        private boolean isOfLease;

        Statements(OutputStream out, String agent) {
            super(out);
            this.agent = agent;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
            isOfLease |= text.contains("pitstop:blog:lease ");
            if (text.contains(HEARTBEAT)) {
                heart(agent).lock();
                heart(agent).unlock();
            }
            if (has(text, "BEGIN")) {
                inTransaction = true;
                if (isOfLease) {
                    tell(Moment.BEGIN);
                }
            }
            if (has(text, "COMMIT")) {
                inTransaction = false;
                tell(Moment.COMMIT);
            } else if (has(text, "ROLLBACK")) {
                inTransaction = false;
            } else if (!inTransaction && isWrite(text)) {
                tell(Moment.WRITE);
            }
            out.write(bytes, offset, length);
        }

        private static boolean has(String text, String statement) {
            return text.contains("\0" + statement + "\0")
                    || text.contains("Q\0\0\0" + (char) (statement.length() + 5) + statement + "\0");
        }

        private void tell(Moment moment) {
            TAPS.getOrDefault(agent, ignored -> {}).accept(moment);
        }

        /** A heartbeat tells nothing of the release. */
        private static boolean isWrite(String text) {
            return !text.contains(HEARTBEAT)
                    && (text.contains("\0INSERT INTO")
                            || text.contains("\0UPDATE ")
                            || text.contains("\0DELETE FROM")
                            || text.contains("\0CREATE ")
                            || text.contains("\0DROP "));
        }
    }
}
