package io.pitstop.jenkins;

import io.pitstop.demo.Stage;
import io.pitstop.jenkins.StepCall.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Build nodes with a real shell and the real agent, for a release on a stage. Every node is a new, empty workspace, into
 * which the sources of the stage are checked out; whatever a command left in another one is not there.
 */
final class RealNodes {
    private static final List<String> CREDENTIALS = List.of("PITSTOP_DB_USER", "PITSTOP_DB_PASSWORD");
    private static final long COMMAND_ENDS_WITHIN_SECONDS = 120;

    private final Stage stage;
    private final Path folder;
    private final Path log;
    private final Deque<Path> workspaces = new ArrayDeque<>();
    private int nodes;
    private boolean bound;

    RealNodes(Stage stage, Path folder) throws IOException {
        this.stage = stage;
        this.folder = Files.createDirectories(folder);
        this.log = folder.resolve("log.txt");
        String agent = stage.agent().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path pitstop = Files.createDirectory(folder.resolve("bin")).resolve("pitstop");
        Files.writeString(pitstop, "#!/bin/sh\nexec " + agent + " \"$@\"\n");
        Files.setPosixFilePermissions(pitstop, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    CpsWorld serve(CpsWorld world) {
        return world.on("node", this::node)
                .on("checkout", this::checkout)
                .on("sh", this::sh)
                .on("withCredentials", call -> bound = call.phase() == Phase.ENTER)
                .on("fileExists", call -> Files.exists(file(call.argument())))
                .on("readFile", call -> read(file(call.named("file"))))
                .on("writeFile", call -> write(file(call.named("file")), call.named("text")))
                .on("sleep", RealNodes::sleep);
    }

    /** What the console of the build shows. */
    String log() throws IOException {
        return Files.readString(log);
    }

    private Object node(StepCall call) {
        try {
            if (call.phase() == Phase.EXIT) {
                workspaces.pop();
            } else {
                workspaces.push(Files.createDirectory(folder.resolve("node " + ++nodes)));
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object checkout(StepCall call) {
        Path sources = stage.folder();
        try (Stream<Path> scripts = Files.walk(sources.resolve("db"))) {
            for (Path file :
                    Stream.concat(scripts, Stream.of(stage.configFile())).toList()) {
                Path copy = workspaces.element().resolve(sources.relativize(file));
                if (!Files.isDirectory(copy)) {
                    Files.copy(file, copy);
                }
            }
            return Map.of("GIT_COMMIT", "1111111111111111111111111111111111111111");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object sh(StepCall call) {
        ProcessBuilder shell = new ProcessBuilder(
                        "/bin/sh", "-xe", write(folder.resolve("script.sh"), call.named("script")))
                .directory(workspaces.element().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        shell.environment().putAll(stage.environment());
        shell.environment().put("BUILD_TAG", "jenkins-blog-7");
        shell.environment().merge("PATH", folder.resolve("bin").toString(), (path, own) -> own + ":" + path);
        if (!bound) {
            shell.environment().keySet().removeAll(CREDENTIALS);
        }
        try {
            Process process = shell.start();
            if (!process.waitFor(COMMAND_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("It did not end: " + call.named("label") + "\n" + log());
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Object sleep(StepCall call) {
        try {
            TimeUnit.SECONDS.sleep(((Number) call.named("time")).longValue());
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Path file(Object path) {
        return workspaces.element().resolve(String.valueOf(path));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Path file, Object text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, String.valueOf(text)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
