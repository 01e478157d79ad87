package io.pitstop.aws;

import io.pitstop.error.DependencyFailed;
import io.pitstop.jtf.Change;
import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of terraform/aws, as the modules are but for what the emulator gets wrong, and Terraform to apply them with. */
final class Workshop implements AutoCloseable {
    private static final Path MODULES = Path.of("terraform/aws");
    private static final Path OVERRIDES = Path.of("test/io/pitstop/aws/moto");
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(6), Duration.ofSeconds(30), Duration.ZERO);

    /** What makes a root module of one that is meant to be called. */
    private static final String ROOT =
            """
            terraform {
              backend "local" {}
            }
            provider "aws" {
              max_retries = 2
            }
            """;

    private final Path folder;
    private final Map<String, String> environment;

    /** @param aws environment variables that say where AWS is */
    Workshop(Path folder, Map<String, String> aws) throws IOException {
        this.folder = folder;
        this.environment = new HashMap<>(aws);
        environment.put("PATH", System.getenv("PATH"));
        // Terraform starts the provider several times in each command, for a second or two: collecting garbage is
        // wasted on it.
        environment.put("GOGC", "off");
        environment.put("GOMEMLIMIT", "1GiB");
        environment.put(
                "TF_CLI_CONFIG_FILE",
                ProviderMirror.cliConfig(folder.resolve("terraform.rc")).toString());
        try (Stream<Path> files = Files.walk(MODULES)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/.terraform/"))
                    .toList()) {
                Path copy = module(MODULES.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        override("traffic", "traffic");
        override("database", "examples/database");
        override("ecs", "environment/ecs");
        override("asg", "environment/asg");
    }

    private void override(String name, String module) throws IOException {
        Files.copy(OVERRIDES.resolve(name + ".tf"), module(module).resolve("moto_override.tf"));
    }

    Path module(String module) {
        return folder.resolve("aws").resolve(module);
    }

    /**
     * A module that is meant to be called, as a root of its own with a state in a file.
     *
     * @param variables values that stay, as Terraform writes them: lists and objects as JSON
     */
    Root called(String module, String state, Map<String, String> variables, Progress progress) throws IOException {
        // A copy, as what is called by others must not be a root. It stays among those that it calls itself.
        Path copy = module(module + "-" + state);
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(module(module))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Files.writeString(copy.resolve("root.tf"), ROOT);
        Path file = folder.resolve(state + ".tfstate");
        Terraform terraform = terraform(copy, state, variables, progress);
        terraform.init(Map.of("path", file.toString()));
        return new Root(terraform, () -> Files.readString(file));
    }

    /** A root module that has its state in a bucket. */
    Root root(String module, Moto moto, String bucket, String key, Map<String, String> variables) {
        Terraform terraform = terraform(module(module), key, variables, line -> {});
        terraform.init(Map.of("bucket", bucket, "key", key));
        return new Root(terraform, () -> moto.object(bucket, key));
    }

    /** @param state whose data are kept apart from those of others */
    Terraform terraform(Path module, String state, Map<String, String> variables, Progress progress) {
        Map<String, String> all = new HashMap<>(environment);
        variables.forEach((name, value) -> all.put("TF_VAR_" + name, value));
        return new Terraform(module, folder.resolve("data").resolve(state), all, LIMITS, progress::add);
    }

    /** Deletes the links to the provider, of which JUnit would warn when it deletes the folder. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gets what Terraform says while it works. */
    interface Progress {
        void add(String line);
    }

    /** Reads the state, wherever it lies. */
    interface StateSource {
        String read() throws IOException;
    }

    /** One root module with one state. */
    record Root(Terraform terraform, StateSource source) {
        void apply(Map<String, String> variables, String... replace) {
            try {
                applyOnce(variables, replace);
            } catch (DependencyFailed e) {
                // A call that the provider repeats because it was slow finds that the target has gone already, or that
                // the template is there. AWS takes that for success, as it documents; moto does not.
                if (!e.getMessage().contains("InvalidTarget") && !e.getMessage().contains("AlreadyExists")) {
                    throw e;
                }
                applyOnce(variables, replace);
            }
        }

        private void applyOnce(Map<String, String> variables, String... replace) {
            try (Plan plan = terraform.plan(variables, List.of(replace))) {
                terraform.apply(plan);
            }
        }

        /** What an apply would change. */
        List<Change> pending(Map<String, String> variables) {
            try (Plan plan = terraform.plan(variables, List.of())) {
                return plan.changes();
            }
        }

        void destroy(Map<String, String> variables) {
            terraform.destroy(variables);
        }

        State state() throws IOException {
            return new State(source.read());
        }
    }
}
