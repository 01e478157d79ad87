package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.release.Colour;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command costs before it acts, with an archive of classes as the launcher makes it. Time of the processor, which
 * others on the machine do not lengthen much, and the best of three runs.
 */
class CommandStartTest {
    private static final Duration BUDGET = Duration.ofMillis(1500);
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Dorg.jboss.logging.provider=slf4j");

    @TempDir
    private Path folder;

    private String classPath;
    private Path archive;

    @BeforeEach
    void an_archive_of_classes() throws Exception {
        classPath = jars();
        archive = folder.resolve("pitstop.jsa");
        run(Map.of(), List.of("-XX:ArchiveClassesAtExit=" + archive), "warm-up");
        assumeTrue(Files.exists(archive), "this Java makes no archive of classes");
    }

    @Test
    void an_order_to_aws_is_sent_after_less_than_1500_ms_of_the_processor() throws Exception {
        try (FakeElb elb = new FakeElb()) {
            Files.writeString(
                    folder.resolve("pitstop.yml"),
                    """
                    application: shop
                    database: { url: "jdbc:postgresql://127.0.0.1:1/none" }
                    environments: { terraform: none, health: { path: / } }
                    traffic: { alb: { listener: "%s", targetGroups: { blue: "%s", green: "%s" } } }
                    """
                            .formatted(elb.listener(), elb.group(Colour.BLUE), elb.group(Colour.GREEN)));
            List<Duration> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(untilOrder(elb));
            }
            assertThat(taken).anyMatch(cpu -> cpu.compareTo(BUDGET) < 0);
        }
    }

    private Duration untilOrder(FakeElb elb) throws Exception {
        elb.weigh(0, 100);
        CompletableFuture<Process> agent = new CompletableFuture<>();
        CompletableFuture<Duration> taken = new CompletableFuture<>();
        elb.then(
                "ModifyListener",
                Fault.after(
                        () -> taken.complete(
                                agent.join().info().totalCpuDuration().orElseThrow()),
                        Fault.none()));
        Process process = start(
                Map.of("AWS_ENDPOINT_URL", elb.address().toString(), "AWS_REGION", "eu-west-1"),
                List.of("-XX:SharedArchiveFile=" + archive, "-Xmx192m"),
                "rollback",
                "--without-journal",
                "--to",
                "blue");
        agent.complete(process);
        end(process);
        return taken.get(1, TimeUnit.SECONDS);
    }

    private void run(Map<String, String> environment, List<String> flags, String... arguments) throws Exception {
        end(start(environment, flags, arguments));
    }

    private Process start(Map<String, String> environment, List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().keySet().removeIf(name -> name.matches("AWS_.*|PITSTOP_.*|(?i:.*_proxy)|JAVA_.*"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", "test",
                        "AWS_SECRET_ACCESS_KEY", "test",
                        "AWS_EC2_METADATA_DISABLED", "true"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private void end(Process process) throws Exception {
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        assertThat(ended).as("it ended").isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output")))
                .isZero();
    }

    /** Archives of classes are made of jars only: our own classes become one, those of tests stay out. */
    private String jars() {
        Path jar = folder.resolve("pitstop.jar");
        List<Path> entries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        Path classes = entries.stream()
                .filter(entry -> Files.exists(entry.resolve("io/pitstop/cli/Main.class")))
                .findFirst()
                .orElseThrow();
        pack(classes, jar);
        return Stream.concat(Stream.of(jar), entries.stream().filter(Files::isRegularFile))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void pack(Path classes, Path jar) {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(
                        new JarEntry(classes.relativize(each).toString().replace(File.separatorChar, '/')));
                Files.copy(each, packed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
