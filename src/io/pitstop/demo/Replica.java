package io.pitstop.demo;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A replica of the demo's server, which waits for it with each commit, so that none is lost that somebody was told of. It can
 * take the server's place, port and all.
 */
final class Replica {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EmbeddedServer server;
    private final Path folder;

    private Replica(EmbeddedServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** Returns when it follows. */
    static Replica of(EmbeddedServer server) throws IOException, SQLException {
        Replica replica = new Replica(server, server.data().resolveSibling("replica"));
        try (Connection owner = server.owner();
                Statement statement = owner.createStatement()) {
            replica.copy(statement);
            replica.start();
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = 'replica'");
            statement.execute("SELECT pg_reload_conf()");
            awaitSynchronous(statement);
        }
        return replica;
    }

    /** The server dies, and this takes its place. */
    void promote() throws IOException, SQLException {
        Path place = server.data();
        Path dead = place.resolveSibling("dead");
        server.control(place, "-m", "immediate", "stop");
        server.control(folder, "promote");
        server.control(folder, "-m", "fast", "stop");
        Files.move(place, dead);
        Files.move(folder, place);
        // pg_ctl starts a server again as it was started before: on the port of the other.
        Files.copy(
                dead.resolve("postmaster.opts"), place.resolve("postmaster.opts"), StandardCopyOption.REPLACE_EXISTING);
        server.control(place, "restart");
        shell("rm -rf \"$0\"", dead);
    }

    /** The server goes on without it. */
    void leave() throws IOException, SQLException {
        try (Connection owner = server.owner();
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER SYSTEM RESET synchronous_standby_names");
            statement.execute("SELECT pg_reload_conf()");
        }
        server.control(folder, "-m", "immediate", "stop");
        shell("rm -rf \"$0\"", folder);
    }

    private void copy(Statement owner) throws IOException, SQLException {
        Path door = server.data().resolve("pg_hba.conf");
        Files.writeString(door, "host replication postgres 127.0.0.1/32 scram-sha-256\n", StandardOpenOption.APPEND);
        owner.execute("SELECT pg_reload_conf()");
        owner.execute("SELECT pg_backup_start('replica', true)");
        // Files that vanish meanwhile are those that a backup need not have.
        shell("rm -rf \"$1\"; cp -a \"$0\" \"$1\" 2>/dev/null; test -f \"$1/PG_VERSION\"", server.data(), folder);
        try (ResultSet backup = owner.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
            backup.next();
            Files.writeString(folder.resolve("backup_label"), backup.getString(1));
        }
        Files.deleteIfExists(folder.resolve("postmaster.pid"));
        Files.createFile(folder.resolve("standby.signal"));
        Files.writeString(
                folder.resolve("postgresql.auto.conf"),
                "primary_conninfo = '" + server.replicaAccess() + " application_name=replica'\n",
                StandardOpenOption.APPEND);
    }

    private void start() throws IOException {
        int port;
        try (ServerSocket free = Ports.open()) {
            port = free.getLocalPort();
        }
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                + " -c shared_preload_libraries=pg_stat_statements";
        server.control(folder, "-o", options, "start");
    }

    private static void awaitSynchronous(Statement owner) throws IOException, SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try (ResultSet row = owner.executeQuery("SELECT FROM pg_stat_replication WHERE sync_state = 'sync'")) {
                if (row.next()) {
                    return;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IOException("the replica does not follow");
    }

    private static void shell(String line, Path... folders) throws IOException {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", line);
        for (Path folder : folders) {
            shell.command().add(folder.toAbsolutePath().toString());
        }
        Process process = shell.start();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("this did not succeed: " + line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while files are copied", e);
        }
    }
}
