package io.pitstop.config;

import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** pitstop.yml on its way from text to records. */
final class ConfigFile {
    private final Path path;
    private final Map<String, String> environment;
    private final AsWritten asWritten = new AsWritten();

    ConfigFile(Path path, Map<String, String> environment) {
        this.path = path;
        this.environment = environment;
    }

    /** @throws InvalidConfig naming file and line if the file is absent or is not YAML */
    Section read() {
        LoadSettings settings = LoadSettings.builder().setLabel(path.toString()).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(Files.readString(path, StandardCharsets.UTF_8));
            return new Section(
                    this,
                    "",
                    root.orElseThrow(() -> invalid(1, "the file is empty.", "Start with application: NAME.")));
        } catch (NoSuchFileException e) {
            throw new InvalidConfig(
                    "There is no " + path + ".", "Name the file with --config, or write one: see README.", e);
        } catch (IOException e) {
            throw new InvalidConfig("Cannot read " + path + ": " + e.getMessage() + ".", "Check the file.", e);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw invalid(line, "not valid YAML: " + e.getProblem() + ".", "Correct the line.");
        } catch (YamlEngineException e) {
            throw invalid(1, "not valid YAML: " + e.getMessage() + ".", "Correct the file.");
        }
    }

    Path path() {
        return path;
    }

    Map<String, String> environment() {
        return environment;
    }

    AsWritten asWritten() {
        return asWritten;
    }

    InvalidConfig invalid(int line, String message, String hint) {
        return new InvalidConfig(path + ":" + line + ": " + message, hint);
    }

    static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
