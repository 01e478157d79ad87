package io.pitstop.jenkins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node with a PATH of its own, on which a build reads pitstop.sh and then runs {@code pitstop backfill}. */
final class BuildNode {
    static final Path SCRIPT =
            Path.of("resources/io/pitstop/jenkins/pitstop.sh").toAbsolutePath();

    /** All that the script may rely on: what every Linux has, and curl or wget. */
    private static final List<String> PROGRAMS = List.of(
            ("sh dirname mkdir mktemp mv rm cp find sed tr tail wc cut sha256sum gzip tar curl wget").split(" "));

    private final Path folder;
    private final Path bin;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<Long, String> running = new HashMap<>();

    /** How a build ended; the result is empty if it was not told. */
    record Ended(int exitCode, String output, JsonNode result) {}

    BuildNode(Path folder) throws IOException {
        this.folder = folder;
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(bin.resolve(program), found(program));
        }
        environment.put("PATH", bin.toString());
        environment.put("HOME", folder.resolve("home").toString());
    }

    /** A folder on the PATH. */
    Path bin() {
        return bin;
    }

    Path cache() {
        return folder.resolve("home/.cache/pitstop");
    }

    static boolean has(String program) {
        return paths(program).anyMatch(Files::isExecutable);
    }

    private static Path found(String program) {
        return paths(program).filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private static Stream<Path> paths(String program) {
        return Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, program));
    }

    void set(String variable, Object value) {
        environment.put(variable, value.toString());
    }

    void without(String program) throws IOException {
        Files.deleteIfExists(bin.resolve(program));
    }

    /** An agent that prints its name and its arguments. */
    Path install(String name, Path where) throws IOException {
        Files.createDirectories(where);
        Path launcher = where.resolve("pitstop");
        Files.writeString(launcher, "#!/bin/sh\necho \"agent " + name + ": $*\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return where;
    }

    /** What an artifact repository offers: an archive of one folder with the agent in it. */
    Path archive(String name) throws IOException, InterruptedException {
        install("downloaded", folder.resolve("built").resolve(name));
        // As big as it takes for a download to have a middle.
        Files.write(
                folder.resolve("built").resolve(name).resolve("pitstop.jar"),
                new Random(1).doubles(20_000).mapToObj(Double::toString).toList());
        return tar(name);
    }

    Path archiveOf(String name, String content) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("built").resolve(name));
        Files.writeString(folder.resolve("built").resolve(name).resolve("README"), content);
        return tar(name);
    }

    String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    Ended run() throws IOException, InterruptedException {
        return end(start());
    }

    /** Starts a build in a process group of its own, whose leader is the process that is returned. */
    Process start() throws IOException {
        String number = "build-" + running.size();
        Path script = folder.resolve(number + ".sh");
        Files.writeString(
                script,
                "{ set +x; } 2>/dev/null; pitstop_result=" + number + ".json; . " + SCRIPT + "; set -x\n"
                        + "pitstop backfill\n");
        ProcessBuilder build = new ProcessBuilder("setsid", "/bin/sh", "-xe", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(number + ".log").toFile());
        build.environment().clear();
        build.environment().putAll(environment);
        Process process = build.start();
        running.put(process.pid(), number);
        return process;
    }

    Ended end(Process build) throws IOException, InterruptedException {
        if (!build.waitFor(60, TimeUnit.SECONDS)) {
            signalGroup(build, "KILL");
            throw new AssertionError("The build does not end.");
        }
        String number = running.get(build.pid());
        Path result = folder.resolve(number + ".json");
        return new Ended(
                build.exitValue(),
                Files.readString(folder.resolve(number + ".log")),
                new ObjectMapper().readTree(Files.exists(result) ? Files.readString(result) : "{}"));
    }

    /** As Jenkins does it to all processes of a build that it aborts. */
    void signalGroup(Process build, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " -" + build.pid())
                .start()
                .waitFor();
    }

    private Path tar(String name) throws IOException, InterruptedException {
        Path archive = folder.resolve(name + ".tar.gz");
        if (!Files.exists(archive)) {
            Process tar = new ProcessBuilder(
                            "tar",
                            "-czf",
                            archive.toString(),
                            "-C",
                            folder.resolve("built").toString(),
                            name)
                    .inheritIO()
                    .start();
            if (tar.waitFor() != 0) {
                throw new IOException("tar failed");
            }
        }
        return archive;
    }
}
