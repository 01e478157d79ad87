package io.pitstop.check.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs of one PostgreSQL on this machine.
 *
 * @param folder with initdb and postgres
 * @param version such as 15.4
 */
record Programs(Path folder, String version) {
    private static final List<Path> USUAL = List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr"), Path.of("/opt"));
    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.\\d+|devel|beta\\d+|rc\\d+)?");
    private static final int SECONDS = 10;

    int major() {
        Matcher number = VERSION.matcher(version);
        return number.lookingAt() ? Integer.parseInt(number.group(1)) : 0;
    }

    Path program(String name) {
        return folder.resolve(name);
    }

    /**
     * Looks for them on the PATH, then where packages put them; the newest of what fits.
     *
     * @param major empty for any
     */
    static Optional<Programs> find(OptionalInt major, Map<String, String> environment) {
        List<Programs> found = new ArrayList<>();
        for (Path folder : folders(environment)) {
            version(folder)
                    .map(version -> new Programs(folder, version))
                    .filter(programs -> major.isEmpty() || programs.major() == major.getAsInt())
                    .ifPresent(found::add);
        }
        return found.stream().max(Comparator.comparingInt(Programs::major));
    }

    private static List<Path> folders(Map<String, String> environment) {
        List<Path> all = new ArrayList<>();
        for (String entry : environment.getOrDefault("PATH", "").split(":")) {
            if (!entry.isBlank()) {
                all.add(Path.of(entry));
            }
        }
        for (Path usual : USUAL) {
            all.addAll(below(usual));
        }
        return all.stream()
                .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                .map(Programs::real)
                .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
                .distinct()
                .toList();
    }

    /** Debian: postgresql/16/bin; Red Hat: pgsql-16/bin. */
    private static List<Path> below(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(parent)) {
            return versions.filter(each -> each.getFileName().toString().matches("(pgsql-|postgresql-)?\\d+"))
                    .map(each -> each.resolve("bin"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Behind links: a program finds the rest of itself beside its own place. */
    private static Path real(Path folder) {
        try {
            return folder.resolve("initdb").toRealPath().getParent();
        } catch (IOException e) {
            return folder;
        }
    }

    private static Optional<String> version(Path folder) {
        try {
            Process process = new ProcessBuilder(folder.resolve("postgres").toString(), "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = String.valueOf(out.readLine());
                process.waitFor(SECONDS, TimeUnit.SECONDS);
                Matcher version = VERSION.matcher(line);
                return version.find() ? Optional.of(version.group()) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
