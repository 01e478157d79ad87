package io.pitstop.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files for the textfile collector of node_exporter. Each appears whole or not at all: the collector may read at any moment
 * (github.com/prometheus/node_exporter).
 */
final class Textfile implements Sink {
    private final Path folder;
    private final String application;
    private final String step;

    Textfile(Path folder, String application, String step) {
        this.folder = folder;
        this.application = application;
        this.step = step;
    }

    @Override
    public void take(String state, String own) throws IOException {
        if (!state.isBlank()) {
            write("pitstop-" + application + ".prom", state, "{application=\"" + application + "\"");
        }
        write(
                "pitstop-" + application + "-" + step + ".prom",
                own,
                "{application=\"" + application + "\",step=\"" + step + "\"");
    }

    @Override
    public String toString() {
        return "the folder " + folder;
    }

    private void write(String name, String text, String labels) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.writeString(folder.resolve(name + ".tmp"), labelled(text, labels));
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Who scrapes a Pushgateway gets these labels from there; here they must be in the file. */
    private static String labelled(String text, String labels) {
        StringBuilder all = new StringBuilder();
        for (String line : text.split("\n")) {
            if (line.isEmpty() || line.startsWith("#")) {
                all.append(line);
            } else {
                int name = line.indexOf('{') < 0 ? line.indexOf(' ') : line.indexOf('{');
                boolean more = line.charAt(name) == '{';
                all.append(line, 0, name)
                        .append(labels)
                        .append(more ? "," : "}")
                        .append(line, more ? name + 1 : name, line.length());
            }
            all.append('\n');
        }
        return all.toString();
    }
}
