package io.pitstop.demo;

import io.pitstop.demo.blog.Seed;
import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One embedded PostgreSQL for many stages: each gets a database of its own that is sown already. */
public final class DemoServer implements AutoCloseable {
    private final EmbeddedServer server;
    private final AtomicInteger count = new AtomicInteger();
    private Optional<Replica> replica = Optional.empty();

    private DemoServer(EmbeddedServer server) {
        this.server = server;
    }

    /**
     * @param data folder of this one server, removed when it closes
     * @param programs folder for PostgreSQL's programs, unpacked at the first start and kept
     * @throws DependencyFailed if PostgreSQL cannot run on this machine
     */
    public static DemoServer start(Path data, Path programs, Seed seed) {
        EmbeddedServer server = EmbeddedServer.start(data, programs);
        boolean sown = false;
        try {
            new DemoDatabase(server.url(), server.user(), server.password(), Map.of(), () -> {}).seed(seed);
            sown = true;
            return new DemoServer(server);
        } finally {
            if (!sown) {
                server.close();
            }
        }
    }

    /**
     * A new database with version 1 of the blog; dropped when it closes, whoever uses it. There is no scratch database beside
     * it: whoever wants many releases wants no trial of the same scripts in each.
     */
    public DemoDatabase next() {
        String name = "stage" + count.incrementAndGet();
        try {
            String url = server.copy(name);
            return new DemoDatabase(url, server.user(), server.password(), Map.of(), () -> drop(name));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Stops it as a crash would, without a word to its clients, and starts it again; returns when it takes sessions. */
    public void crash() {
        try {
            server.crash();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** From now on it has a synchronous replica. */
    public synchronized void replicate() {
        removeReplica();
        try {
            replica = Optional.of(Replica.of(server));
        } catch (IOException | SQLException e) {
            throw failure(e);
        }
    }

    /** It dies, and its replica takes its place; returns when that takes sessions. */
    public synchronized void promoteReplica() {
        try {
            replica.orElseThrow().promote();
            replica = Optional.empty();
        } catch (IOException | SQLException e) {
            throw failure(e);
        }
    }

    /** The replica goes, if there is one still. */
    public synchronized void removeReplica() {
        try {
            if (replica.isPresent()) {
                replica.get().leave();
            }
            replica = Optional.empty();
        } catch (IOException | SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            removeReplica();
        } finally {
            server.close();
        }
    }

    private void drop(String name) {
        try {
            server.drop(name);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static DependencyFailed failure(Exception e) {
        return new DependencyFailed("The embedded PostgreSQL failed: " + e.getMessage(), EmbeddedServer.HINT, e);
    }
}
