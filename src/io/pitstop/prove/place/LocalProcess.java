package io.pitstop.prove.place;

import io.pitstop.demo.Stage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that a local Terraform module keeps, as its record {@code process.pid} tells: pid, start time, generation. */
public final class LocalProcess {
    private static final int START_TIME = 19;

    private final Path folder;

    private LocalProcess(Path folder) {
        this.folder = folder;
    }

    /** @param name such as {@code blog-proxy} */
    public static LocalProcess of(Stage stage, String name) {
        return new LocalProcess(stage.folder().resolve("run").resolve(name));
    }

    /** All that run on a stage. */
    static List<LocalProcess> all(Stage stage) {
        try (Stream<Path> folders = Files.list(stage.folder().resolve("run"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("process.pid")))
                    .map(LocalProcess::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the processes of the stage cannot be listed", e);
        }
    }

    /** All that run on any stage below a folder. */
    static List<LocalProcess> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("process.pid"))
                    .map(file -> new LocalProcess(file.getParent()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the processes below " + folder + " cannot be listed", e);
        }
    }

    /** Ends it as a crash would, and those that it started. Nothing if it has ended already. */
    public void kill() {
        String[] record = record();
        long pid = Long.parseLong(record[0]);
        // A stranger may have the pid meanwhile, or a thread of ours: a signal to a thread ends its whole process.
        ProcessHandle.of(pid)
                .filter(process -> startTime(pid).equals(record[1]))
                .ifPresent(process -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
                });
    }

    /** How a process was started: all that it takes to start the same once more. */
    public record Call(List<String> command, List<String> environment, Path directory) {}

    /** That of the process while it runs. */
    public Call call() throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid()));
        return new Call(
                words(proc.resolve("cmdline")),
                words(proc.resolve("environ")),
                proc.resolve("cwd").toRealPath());
    }

    /** Kills it and starts the same again, as whoever keeps services up does. */
    public void restart() throws IOException {
        Call call = call();
        kill();
        start(call);
    }

    /** Starts what has been killed again. */
    public void start(Call call) throws IOException {
        ProcessBuilder again = new ProcessBuilder("setsid");
        again.command().addAll(call.command());
        again.environment().clear();
        call.environment().forEach(variable -> again.environment()
                .put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1)));
        File log = folder.resolve("process.log").toFile();
        Process process = again.directory(call.directory().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
        process.getOutputStream().close();
        String generation = record()[2];
        Files.writeString(
                folder.resolve("process.pid"),
                process.pid() + " " + startTime(process.pid()) + " " + generation + "\n");
    }

    /** In clock ticks since the machine's start, as {@code process.sh} has it; empty for a process that is gone. */
    private static String startTime(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "stat"))
                    .replaceAll(".*\\) ", "")
                    .split(" ")[START_TIME];
        } catch (IOException e) {
            return "";
        }
    }

    private long pid() {
        return Long.parseLong(record()[0]);
    }

    private String[] record() {
        try {
            return Files.readString(folder.resolve("process.pid")).strip().split(" ");
        } catch (IOException e) {
            throw new UncheckedIOException("there is no process in " + folder, e);
        }
    }

    private static List<String> words(Path file) throws IOException {
        return List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0"));
    }
}
