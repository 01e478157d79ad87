package io.pitstop.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.fault.Faults;
import io.pitstop.prove.wire.Side;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A mistake that somebody could make, as a change of one of the agent's source files, and the fault under which it has to
 * show.
 *
 * @param file below the repository
 * @param find text of the file; every occurrence is replaced
 * @param fault empty if it has to show without any
 * @param at a regular expression for the action at which the fault strikes, the first one that fits
 */
record PlantedBug(
        String name, Path file, String find, String into, Optional<Fault> fault, Step step, Side side, String at) {
    private static final Path ALL = Path.of("test/io/pitstop/prove/planted.txt");

    /** Those of planted.txt: paragraphs of properties, an empty line between two. */
    static List<PlantedBug> all() {
        try {
            return Stream.of(Files.readString(ALL).split("\n\n"))
                    .filter(paragraph -> !paragraph.isBlank() && !paragraph.startsWith("# "))
                    .map(PlantedBug::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles the file with the mistake in it to {@code classes}, which is to be put before all else. */
    void plant(Path classes, String classpath) throws IOException {
        String source = Files.readString(file);
        assertThat(source).as("%s has no: %s", file, find).contains(find);
        Path draft = Files.createDirectories(classes.resolveSibling("source")).resolve(file.getFileName());
        Files.writeString(draft, source.replace(find, into));
        Files.createDirectories(classes);
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        classpath,
                        "-d",
                        classes.toString(),
                        draft.toString());
        assertThat(exitCode).as("%s does not compile with the mistake", file).isZero();
    }

    /** What the mistake is tried with. */
    Trial trial(Points points) {
        if (fault.isEmpty()) {
            return new Trial(0, Harmless.NONE, step, "", 1, side, false);
        }
        String action = points.of(step).keySet().stream()
                .filter(candidate -> candidate.matches(at))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no action of " + step + " fits " + at));
        return new Trial(0, fault.get(), step, action, 1, side, false);
    }

    private static PlantedBug parse(String paragraph) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(paragraph));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> missing = new ArrayList<>(List.of("name", "file", "find", "into", "step"));
        missing.removeAll(properties.stringPropertyNames());
        assertThat(missing).as(paragraph).isEmpty();
        return new PlantedBug(
                properties.getProperty("name"),
                Path.of("src/io/pitstop", properties.getProperty("file")),
                properties.getProperty("find"),
                properties.getProperty("into"),
                Optional.ofNullable(properties.getProperty("fault")).map(PlantedBug::fault),
                Step.valueOf(properties.getProperty("step")),
                Side.valueOf(properties.getProperty("side", "BEFORE")),
                properties.getProperty("at", ""));
    }

    private static Fault fault(String title) {
        return Faults.all().stream()
                .filter(fault -> fault.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no fault " + title));
    }

    @Override
    public String toString() {
        return name;
    }
}
