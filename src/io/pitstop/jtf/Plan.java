package io.pitstop.jtf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Terraform would do, saved, so that exactly this is applied.
 *
 * <p>The saved plan holds the values of all variables in clear. Close it as soon as it is applied: that deletes it.
 */
public final class Plan implements AutoCloseable {
    private final Path file;
    private final boolean empty;
    private final List<Change> changes;

    /** What happens to a resource. */
    public enum Action {
        CREATE,
        UPDATE,
        /** Deleted and created anew. */
        REPLACE,
        DELETE,
        NO_OP,
        /** Anything that neither makes nor removes: read, move, import, forget. */
        OTHER;

        static Action of(String word) {
            return switch (word) {
                case "create" -> CREATE;
                case "update" -> UPDATE;
                case "replace" -> REPLACE;
                case "delete" -> DELETE;
                case "noop" -> NO_OP;
                default -> OTHER;
            };
        }
    }

    /**
     * One resource and what happens to it.
     *
     * @param address as Terraform writes it, such as {@code terraform_data.start}
     */
    public record Change(String address, Action action) {}

    Plan(Path file, boolean empty, List<Change> changes) {
        this.file = file;
        this.empty = empty;
        this.changes = List.copyOf(changes);
    }

    /** True if applying it would change neither a resource nor an output. */
    public boolean isEmpty() {
        return empty;
    }

    /** The resources that would change, in the order in which Terraform names them. */
    public List<Change> changes() {
        return changes;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the plan " + file, e);
        }
    }
}
