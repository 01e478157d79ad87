package io.pitstop.prove.wire;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A program {@code terraform} for the agent's PATH, which asks before it runs the real one and before it tells how that
 * ended. It asks by files in a folder: there is nothing else that every shell can do.
 */
public final class TerraformWire implements AutoCloseable {
    private static final String WRAPPER = "/prove/terraform.sh";
    private static final long PAUSE_NANOS = 20_000_000;

    private final Path folder;
    private final Path real;
    private final Toll toll;
    private volatile boolean closed;

    private TerraformWire(Path folder, Path real, Toll toll) {
        this.folder = folder;
        this.real = real;
        this.toll = toll;
    }

    /** @param folder of the program and of its questions */
    public static TerraformWire open(Path folder, Toll toll) {
        TerraformWire wire = new TerraformWire(folder, find(), toll);
        try (InputStream wrapper = TerraformWire.class.getResourceAsStream(WRAPPER)) {
            Files.createDirectories(wire.questions());
            Path program = Files.write(folder.resolve("terraform"), wrapper.readAllBytes());
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new DependencyFailed("No program can be put into " + folder + ".", "Check the disk.", e);
        }
        DatabaseWire.daemon(wire::answer, "terraform wire");
        return wire;
    }

    /** To be put before all else on the PATH. */
    public Path folder() {
        return folder;
    }

    /** The real program. */
    public Path real() {
        return real;
    }

    /** Where the wrapper asks. */
    public Path questions() {
        return folder.resolve("questions");
    }

    @Override
    public void close() {
        closed = true;
    }

    private void answer() {
        Set<Path> heard = new HashSet<>();
        while (!closed) {
            for (Path question : asked()) {
                if (heard.add(question)) {
                    DatabaseWire.daemon(() -> answer(question), "terraform " + question.getFileName());
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Names are {@code <pid>-<side>-<verb>.asked}. */
    private void answer(Path question) {
        String[] words = question.getFileName().toString().replace(".asked", "").split("-", 3);
        Side side = Side.valueOf(words[1]);
        Passage passage = toll.pass("terraform " + words[2], side, OptionalInt.empty());
        try {
            Path written = Files.writeString(folder.resolve(question.getFileName() + ".new"), passage.name() + "\n");
            Files.move(
                    written,
                    questions().resolve(question.getFileName().toString().replace(".asked", ".told")),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // The stage is being taken down; the wrapper gives up by itself.
            return;
        }
    }

    private List<Path> asked() {
        try (Stream<Path> files = Files.list(questions())) {
            return files.filter(file -> file.toString().endsWith(".asked")).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }

    private static Path find() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(entry -> Stream.of(Path.of(entry, "terraform"), Path.of(entry, "tofu")))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new InvalidConfig(
                        "There is neither terraform nor tofu on the PATH.", "Install one and run it again."));
    }
}
