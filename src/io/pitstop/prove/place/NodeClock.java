package io.pitstop.prove.place;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock that agents see, by libfaketime (Debian's package of that name). What only ever passes, such as the time of a
 * timeout, goes on as it does where somebody sets a clock.
 */
public final class NodeClock {
    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"), Path.of("/usr/local/lib"));
    /** The one for programs with threads. */
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path library;
    private final Path offset;

    private NodeClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** Where the library is; empty if this machine has none. */
    public static Optional<Path> library() {
        return FOLDERS.stream()
                .flatMap(folder -> Stream.concat(Stream.of(folder), inside(folder)))
                .map(folder -> folder.resolve(LIBRARY))
                .filter(Files::exists)
                .findFirst();
    }

    /**
     * One that is right so far.
     *
     * @param offset file that says how wrong it is, made here
     */
    static NodeClock in(Path library, Path offset) {
        NodeClock clock = new NodeClock(library, offset);
        clock.setBack(Duration.ZERO);
        return clock;
    }

    /** From now on it is behind by so much. */
    public void setBack(Duration time) {
        try {
            Path written = Files.writeString(
                    offset.resolveSibling(offset.getFileName() + ".new"),
                    (time.isZero() ? "+" : "-") + time.toSeconds());
            Files.move(written, offset, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the clock cannot be set", e);
        }
    }

    /** For the environment of who is to see it. */
    Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("LD_PRELOAD", library.toString()),
                Map.entry("FAKETIME_TIMESTAMP_FILE", offset.toString()),
                // In seconds; without it every look at the clock reads the file.
                Map.entry("FAKETIME_CACHE_DURATION", "1"),
                Map.entry("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
                // Else the timed waits of a JVM end at once.
                Map.entry("FAKETIME_FORCE_MONOTONIC_FIX", "0"));
    }

    /** The folders of machine types, such as x86_64-linux-gnu. */
    private static Stream<Path> inside(Path folder) {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
