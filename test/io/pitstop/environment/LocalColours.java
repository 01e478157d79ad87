package io.pitstop.environment;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.pitstop.config.EnvironmentsConfig;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Both colours of the sample application, made by terraform/local/environment; leaves no process behind. */
final class LocalColours implements AutoCloseable {
    static final Path MODULE = Path.of("terraform/local/environment").toAbsolutePath();

    final Path folder;
    final Queue<String> progress = new ConcurrentLinkedQueue<>();
    final Map<String, String> variables = new HashMap<>();
    Path module = MODULE;
    Duration healthyWithin = Duration.ofSeconds(20);

    LocalColours(Path folder) throws IOException {
        this.folder = folder;
        variables.put("command", "exec " + sample());
        variables.put("run_dir", folder.resolve("run").toString());
        try (ServerSocket blue = new ServerSocket(0);
                ServerSocket green = new ServerSocket(0)) {
            variables.put("blue_port", Integer.toString(blue.getLocalPort()));
            variables.put("green_port", Integer.toString(green.getLocalPort()));
        }
    }

    /** The command line of the sample application, which names this folder so that its process can be told. */
    String sample() {
        return Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "
                + Path.of("target/test-classes").toAbsolutePath() + " "
                + SampleApplication.class.getName() + " " + folder;
    }

    /** Applies a version to a colour that users are not on. */
    Environment apply(Colour colour, String version) {
        return environments().apply(new Deployment(colour, version, "blog-" + version + "-1", colour.other()));
    }

    TerraformEnvironments environments() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("SAMPLE_PASSWORD", "hunter2");
        environment.put("PITSTOP_DB_PASSWORD", "hush");
        EnvironmentsConfig config = new EnvironmentsConfig(
                module,
                Map.of("path", "states/{application}/{colour}.tfstate"),
                variables,
                new EnvironmentsConfig.Health("/health", healthyWithin),
                Duration.ofMinutes(1),
                EnvironmentsConfig.Idle.KEEP);
        return new TerraformEnvironments("blog", config, folder, environment, progress::add);
    }

    Path state(Colour colour) {
        return folder.resolve("states/blog/" + colour + ".tfstate");
    }

    /** The live processes of the sample application. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith(" " + folder))
                .toList();
    }

    ProcessHandle process() {
        List<ProcessHandle> processes = processes();
        if (processes.size() != 1) {
            throw new AssertionError("there is not one process but " + processes);
        }
        return processes.get(0);
    }

    static String get(URI address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body();
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(20);
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() throws IOException {
        Files.writeString(folder.resolve("go"), "");
        processes().forEach(ProcessHandle::destroyForcibly);
    }
}
