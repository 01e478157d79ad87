package io.pitstop.archive;

import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What goes with one script.
 *
 * @param text of the script
 * @param objects all of it, as far as no earlier script takes it
 * @param sources tables of which rows are kept
 * @param definitions how the objects are made again
 * @param unkept why nothing of it is kept; empty if it is
 */
record Going(
        Path file,
        String text,
        Set<ObjectId> objects,
        List<Source> sources,
        List<Definition> definitions,
        Optional<String> unkept) {
    Going {
        objects = Set.copyOf(objects);
        sources = List.copyOf(sources);
        definitions = List.copyOf(definitions);
    }

    /** @throws InvalidConfig if the script cannot be read */
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidConfig(file + " cannot be read: " + e.getMessage(), "Make it readable, as UTF-8.", e);
        }
    }

    String script() {
        return file.getFileName().toString();
    }
}
