package io.pitstop.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that all commands with a configuration share. */
final class PitstopOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "pitstop.yml",
            description = "Configuration file. Default: ${DEFAULT-VALUE}.")
    private Path config;

    Path config() {
        return config;
    }
}
