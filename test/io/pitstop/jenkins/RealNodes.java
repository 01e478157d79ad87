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
 * Build nodes with a real shell, a real git and the real agent, for a release on a stage. Every node is a new, empty
 * workspace, into which the sources of the stage are checked out; whatever a command left in another one is not there.
 */
final class RealNodes {
    private static final List<String> CREDENTIALS = List.of("PITSTOP_DB_USER", "PITSTOP_DB_PASSWORD");
    private static final long COMMAND_ENDS_WITHIN_SECONDS = 120;

    private final Stage stage;
    private final Path folder;
    private final Path log;
    private final Path repository;
    private final Deque<Path> workspaces = new ArrayDeque<>();
    private int nodes;
    private int checkoutsUntilPush;
    private boolean bound;

    RealNodes(Stage stage, Path folder) throws IOException {
        this.stage = stage;
        this.folder = Files.createDirectories(folder);
        this.log = folder.resolve("log.txt");
        this.repository = Files.createDirectory(folder.resolve("repository"));
        String agent = stage.agent().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path pitstop = Files.createDirectory(folder.resolve("bin")).resolve("pitstop");
        Files.writeString(pitstop, "#!/bin/sh\nexec " + agent + " \"$@\"\n");
        Files.setPosixFilePermissions(pitstop, PosixFilePermissions.fromString("rwxr-xr-x"));
        makeRepository();
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

    /** Once the next build has its second node, somebody pushes what no node could do with. */
    void somebodyPushes() {
        checkoutsUntilPush = 2;
    }

    /** As Jenkins does it for a job from SCM: the newest commit. */
    private Object checkout(StepCall call) {
        Path workspace = workspaces.element();
        run(workspace, "git clone -q '" + repository + "' .");
        if (--checkoutsUntilPush == 0) {
            write(repository.resolve("pitstop.yml"), "no configuration");
            commit("the next version");
        }
        return Map.of(
                "GIT_COMMIT", read(workspace.resolve(".git/refs/heads/main")).strip());
    }

    private void makeRepository() throws IOException {
        Path sources = stage.folder();
        try (Stream<Path> scripts = Files.walk(sources.resolve("db"))) {
            for (Path file : Stream.concat(scripts.filter(Files::isRegularFile), Stream.of(stage.configFile()))
                    .toList()) {
                write(repository.resolve(sources.relativize(file)), Files.readString(file));
            }
        }
        run(repository, "git init -q . && git symbolic-ref HEAD refs/heads/main");
        commit("this version");
    }

    private void commit(String message) {
        run(
                repository,
                "git add -A && git -c user.name=eve -c user.email=eve@localhost commit -q -m '" + message + "'");
    }

    private Object sh(StepCall call) {
        boolean plain = call.named("script") == null;
        int exitCode = run(workspaces.element(), String.valueOf(plain ? call.argument() : call.named("script")));
        if (exitCode != 0 && !Boolean.TRUE.equals(call.named("returnStatus"))) {
            throw new BuildFailed("script returned exit code " + exitCode);
        }
        return exitCode;
    }

    private int run(Path workspace, String script) {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-xe", write(folder.resolve("script.sh"), script))
                .directory(workspace.toFile())
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
                throw new AssertionError("It did not end: " + script + "\n" + log());
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
