package io.pitstop.jtf;

import io.pitstop.error.InvalidConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where programs are looked for. */
final class SearchPath {
    private final String folders;

    SearchPath(Map<String, String> environment) {
        this.folders = environment.getOrDefault("PATH", "");
    }

    /** Terraform, or where there is none OpenTofu, which takes the same arguments and prints the same lines. */
    Path terraform() {
        return find("terraform")
                .or(() -> find("tofu"))
                .orElseThrow(() -> new InvalidConfig(
                        "There is neither terraform nor tofu on the PATH.",
                        "Install Terraform 1.9 or OpenTofu 1.7 or newer, as the installation page of its documentation"
                                + " says, and put it on the PATH."));
    }

    Optional<Path> find(String program) {
        return Stream.of(folders.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
