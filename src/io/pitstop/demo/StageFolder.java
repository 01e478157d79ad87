package io.pitstop.demo;

import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** The files of a stage: what a team has in its repository, what its shell exports, and how to take it down again. */
final class StageFolder {
    private static final String SAVED = "stage.properties";
    private static final List<String> EXPORTED = List.of(
            "PITSTOP_DB_USER",
            "PITSTOP_DB_PASSWORD",
            "BLOG_DB_URL",
            "BLOG_DB_USER",
            "BLOG_DB_PASSWORD",
            "AWS_ENDPOINT_URL",
            "AWS_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_EC2_METADATA_DISABLED");

    private final Path folder;

    StageFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    Path configFile() {
        return folder.resolve("pitstop.yml");
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** @param home holds the demo's migrations */
    void create(Path home) throws IOException {
        Files.createDirectories(folder);
        copy(home.resolve("resources/demo/db"), folder.resolve("db"));
    }

    /** @param values what to put for each {@code @NAME@} of the template */
    void writeConfig(Path template, Map<String, String> values) throws IOException {
        String text = Files.readString(template);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        Files.writeString(configFile(), text);
    }

    /** For playing by hand: what a shell must export before it calls pitstop. Readable by its owner only. */
    void writeEnvironment(Map<String, String> environment) throws IOException {
        Path file = folder.resolve("env");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(
                file,
                EXPORTED.stream()
                        .filter(environment::containsKey)
                        .map(name -> "export " + name + "=" + quoted(environment.get(name)))
                        .toList());
    }

    void save(Properties what) throws IOException {
        try (Writer file = Files.newBufferedWriter(folder.resolve(SAVED))) {
            what.store(file, "What takes this demo down");
        }
    }

    /** @throws InvalidConfig if this is no folder of a demo */
    Properties saved() {
        Properties saved = new Properties();
        try (Reader file = Files.newBufferedReader(folder.resolve(SAVED))) {
            saved.load(file);
            return saved;
        } catch (IOException e) {
            throw new InvalidConfig(
                    folder + " is no folder of a demo: it holds no " + SAVED + ".",
                    "Name the folder that pitstop demo --keep or --stage printed.",
                    e);
        }
    }

    void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's folder " + folder + " cannot be removed", e);
        }
    }

    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
