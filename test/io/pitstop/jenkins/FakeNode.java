package io.pitstop.jenkins;

import io.pitstop.jenkins.StepCall.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A build node with a workspace and a real shell. The {@code pitstop} on its path writes down its arguments, copies a
 * prepared result to where it is asked to and ends with a prepared exit code.
 */
final class FakeNode {
    private static final String PITSTOP =
            """
            #!/bin/sh
            number=$(ls "$FAKE_HOME" | grep -c '^call-')
            env -0 > "$FAKE_HOME/env-$number"
            printf '%s\\0' "$@" > "$FAKE_HOME/call-$number"
            command=$1
            while [ $# -gt 1 ]; do [ "$1" = --result ] && result=$2; shift; done
            [ -f "$FAKE_HOME/$command.json" ] || command=any
            if [ -f "$FAKE_HOME/$command.json" ]; then
                mkdir -p "$(dirname "$result")"
                cp "$FAKE_HOME/$command.json" "$result"
            fi
            if [ -f "$FAKE_HOME/writes" ]; then
                while read -r file; do mkdir -p "$(dirname "$file")" && echo written > "$file"; done < "$FAKE_HOME/writes"
            fi
            exit "$(cat "$FAKE_HOME/$command.exit")"
            """;

    private final Path workspace;
    private final Path home;
    private final Path log;
    private final Map<String, String> credentials = new LinkedHashMap<>();
    private String aborted = "none";

    FakeNode(Path folder) throws IOException {
        workspace = Files.createDirectories(folder.resolve("workspace of a job"));
        home = Files.createDirectories(folder.resolve("agent"));
        log = folder.resolve("log.txt");
        Path pitstop = Files.writeString(home.resolve("pitstop"), PITSTOP);
        Files.setPosixFilePermissions(pitstop, PosixFilePermissions.fromString("rwxr-xr-x"));
        answers("{\"command\": \"any\", \"release\": \"blog-2.4.0-1\", \"message\": \"Done.\", \"facts\": []}", 0);
    }

    Path workspace() {
        return workspace;
    }

    /** What every command that has no answer of its own writes and how it ends. */
    void answers(String result, int exitCode) {
        answers("any", result, exitCode);
    }

    void answers(String command, String result, int exitCode) {
        try {
            Files.writeString(home.resolve(command + ".json"), withVersion(result));
            Files.writeString(home.resolve(command + ".exit"), String.valueOf(exitCode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every agent says its version; a result that does not is one of an agent before there were versions. */
    private static String withVersion(String result) {
        return result.contains("\"agent\"") ? result : result.replaceFirst("^\\{", "{\"agent\": \"unpackaged\", ");
    }

    /** Every command leaves these files in the workspace. */
    void writes(String... files) {
        try {
            Files.write(home.resolve("writes"), List.of(files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody stops the build when {@code command} has run. */
    void aborts(String command) {
        aborted = command;
    }

    /** Every command ends before it writes a result. */
    void dies(int exitCode) throws IOException {
        Files.deleteIfExists(home.resolve("any.json"));
        Files.writeString(home.resolve("any.exit"), String.valueOf(exitCode));
    }

    /** The arguments of every run of pitstop, without {@code --result} and its file, oldest first. */
    List<List<String>> calls() throws IOException {
        List<List<String>> calls = new ArrayList<>();
        for (List<String> call : rawCalls()) {
            List<String> arguments = new ArrayList<>(call);
            int result = arguments.lastIndexOf("--result");
            arguments.subList(result, result + 2).clear();
            calls.add(arguments);
        }
        return calls;
    }

    /** The database user that each run of pitstop found in its environment; empty if there was none. */
    List<String> databaseUsers() throws IOException {
        return environments().stream()
                .map(environment -> environment.getOrDefault("PITSTOP_DB_USER", ""))
                .toList();
    }

    /** The environment of each run of pitstop. */
    List<Map<String, String>> environments() throws IOException {
        return files("env-").stream()
                .map(environment -> environment.stream()
                        .map(variable -> variable.split("=", 2))
                        .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1])))
                .toList();
    }

    /** The file that each run of pitstop was to write its result to. */
    List<String> resultFiles() throws IOException {
        return rawCalls().stream()
                .map(call -> call.get(call.lastIndexOf("--result") + 1))
                .toList();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Lets the steps that need a node run on this one. */
    CpsWorld serve(CpsWorld world) {
        return world.on("sh", this::sh)
                .on("fileExists", call -> Files.exists(workspace.resolve((String) call.argument())))
                .on("writeFile", this::write)
                .on("readFile", call -> read((String) call.named("file")))
                .on("withCredentials", this::withCredentials);
    }

    /** As Jenkins starts it: a script file, echoed to the log line by line, stopped at the first failure. */
    Object sh(StepCall call) {
        if (call.named("script") == null) {
            return null; // a plain line of the job's own
        }
        try {
            Path script = Files.writeString(
                    home.resolve("script.sh"), call.named("script").toString());
            ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-xe", script.toString())
                    .directory(workspace.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            shell.environment().merge("PATH", home.toString(), (path, own) -> own + ":" + path);
            shell.environment().put("FAKE_HOME", home.toString());
            shell.environment().putAll(credentials);
            Process process = shell.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The script did not end: " + call.named("script"));
            }
            if (call.named("script").toString().contains("\npitstop " + aborted + " ")) {
                throw new BuildAborted("Aborted by bob");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Object withCredentials(StepCall call) {
        credentials.clear();
        if (call.phase() == Phase.ENTER) {
            for (Object binding : (List<?>) call.argument()) {
                bind((Map<?, ?>) binding);
            }
        }
        return null;
    }

    private void bind(Map<?, ?> binding) {
        if (String.valueOf(binding.get("$class")).startsWith("Amazon")) {
            credentials.put((String) binding.get("accessKeyVariable"), "AKIA-of-" + binding.get("credentialsId"));
            credentials.put((String) binding.get("secretKeyVariable"), "s3cret");
        } else {
            credentials.put((String) binding.get("usernameVariable"), "blog");
            credentials.put((String) binding.get("passwordVariable"), "s3cret");
        }
    }

    private String read(String file) {
        try {
            return Files.readString(workspace.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object write(StepCall call) {
        Path file = workspace.resolve((String) call.named("file"));
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, (String) call.named("text")) == null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<List<String>> rawCalls() throws IOException {
        return files("call-");
    }

    /** What each run of pitstop left in its file of this name, oldest first: texts, each followed by a NUL. */
    private List<List<String>> files(String name) throws IOException {
        List<List<String>> contents = new ArrayList<>();
        for (Path file = home.resolve(name + 0); Files.exists(file); file = home.resolve(name + contents.size())) {
            List<String> texts = Arrays.asList(Files.readString(file).split("\0", -1));
            contents.add(texts.subList(0, texts.size() - 1));
        }
        return contents;
    }
}
