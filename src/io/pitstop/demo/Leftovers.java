package io.pitstop.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What a demo that was killed left behind: a data folder, and perhaps the server that still works in it. */
final class Leftovers {
    private static final int PATIENCE_SECONDS = 10;

    private Leftovers() {}

    static void remove(Path data) throws IOException {
        Optional<ProcessHandle> server = server(data);
        if (server.isPresent()) {
            stop(server.get());
        }
        if (Files.exists(data)) {
            refuseStrangers(data);
            delete(data);
        }
    }

    /** The process that postmaster.pid names, if it is still that server: process ids are used again. */
    private static Optional<ProcessHandle> server(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).matches("\\d{1,9}")) {
            return Optional.empty();
        }
        String folder = data.toAbsolutePath().toString();
        return ProcessHandle.of(Long.parseLong(lines.get(0)))
                .filter(process -> process.info().commandLine().orElse("").contains(folder));
    }

    /** By force: its data goes the same way, and a polite stop waits for clients that nobody will stop. */
    private static void stop(ProcessHandle server) throws IOException {
        List<ProcessHandle> all =
                Stream.concat(server.children(), Stream.of(server)).toList();
        server.destroyForcibly();
        try {
            for (ProcessHandle process : all) {
                process.destroyForcibly();
                process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an earlier server stops", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("an earlier server, process " + server.pid() + ", does not stop", e);
        }
    }

    /** Only what looks like our database is deleted; a mistaken path must not cost anybody a folder. */
    private static void refuseStrangers(Path data) throws IOException {
        try (Stream<Path> content = Files.list(data)) {
            boolean empty = content.findAny().isEmpty();
            if (!empty && !Files.exists(data.resolve("PG_VERSION")) && !Files.exists(data.resolve("epg-lock"))) {
                throw new IOException(data + " holds something that is not a database");
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
