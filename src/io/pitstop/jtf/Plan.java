package io.pitstop.jtf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Terraform would do, saved, so that exactly this is applied, and once only.
 *
 * <p>The saved plan holds the values of all variables in clear. Close it as soon as it is applied: that deletes it.
 */
public final class Plan implements AutoCloseable {
    private final Path file;
    private final boolean empty;
    private final List<Change> changes;
    private final List<OutputChange> outputs;
    private final Map<String, String> variables;
    private boolean used;

    private Plan(
            Path file, boolean empty, List<Change> changes, List<OutputChange> outputs, Map<String, String> variables) {
        this.file = file;
        this.empty = empty;
        this.changes = List.copyOf(changes);
        this.outputs = List.copyOf(outputs);
        this.variables = Map.copyOf(variables);
    }

    static Plan empty(Path file) {
        return new Plan(file, true, List.of(), List.of(), Map.of());
    }

    static Plan of(Path file, PlanJson json) {
        return new Plan(file, false, json.changes(), json.outputs(), json.variables());
    }

    /** True if applying it would change neither a resource nor an output. */
    public boolean isEmpty() {
        return empty;
    }

    /** The resources that something happens to, in the order in which Terraform names them. */
    public List<Change> changes() {
        return changes;
    }

    /** The outputs that will be others. */
    public List<OutputChange> outputs() {
        return outputs;
    }

    /**
     * The value that the plan was made with for a variable; empty if the module does not declare it, if it is sensitive or
     * no plain value, and for a plan that is empty.
     */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** All that would be done, one line each, for people. */
    public List<String> lines() {
        return Stream.concat(
                        changes.stream()
                                .filter(change -> change.action() != Action.READ)
                                .map(Change::line),
                        outputs.stream().map(OutputChange::line))
                .toList();
    }

    /** The file, for the one time that it may be applied. */
    Path use() {
        if (used) {
            throw new IllegalStateException("a plan was to be applied twice");
        }
        used = true;
        return file;
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
