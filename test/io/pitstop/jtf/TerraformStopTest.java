package io.pitstop.jtf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An apply is in the middle of a resource that takes its time: a shell that has written its pid and waits. */
class TerraformStopTest {
    private static final Limits LIMITS = TerraformTest.LIMITS;

    @TempDir
    Path folder;

    private final List<Thread> threads = new ArrayList<>();

    @BeforeEach
    void write_the_module() throws IOException {
        Path module = Files.createDirectory(folder.resolve("module"));
        Files.writeString(
                module.resolve("main.tf"),
                """
                terraform {
                  backend "local" {}
                }
                resource "terraform_data" "first" {}
                resource "terraform_data" "slow" {
                  depends_on = [terraform_data.first]
                  provisioner "local-exec" {
                    command = "echo $$ > ../pid.new; mv ../pid.new ../pid; while [ -e ../pid ] && ! [ -e ../go ]; do sleep 0.05; done"
                  }
                }
                """);
    }

    @AfterEach
    void let_it_end() throws Exception {
        Files.writeString(folder.resolve("go"), "");
        for (Thread thread : threads) {
            thread.join(10_000);
        }
    }

    @Test
    void an_interrupt_ends_terraform_and_leaves_neither_lock_nor_process() throws Exception {
        FutureTask<Throwable> apply = applyInTheMiddle(LIMITS);
        ProcessHandle shell = shell();
        ProcessHandle terraform = shell.parent().orElseThrow();

        threads.get(0).interrupt();

        assertThat(apply.get(20, TimeUnit.SECONDS))
                .isInstanceOf(Interrupted.class)
                .hasMessageContaining("it stopped when asked to");
        assertThat(terraform.isAlive()).isFalse();
        assertThat(shell.onExit()).succeedsWithin(Duration.ofSeconds(5));
        try (Plan plan = terraform("other", LIMITS).plan(Map.of(), List.of())) {
            assertThat(plan.changes()).extracting(Change::address).containsExactly("terraform_data.slow");
        }
    }

    @Test
    void terraform_leads_a_session_of_its_own_which_signals_to_our_group_do_not_reach() throws Exception {
        applyInTheMiddle(LIMITS);
        long terraform = shell().parent().orElseThrow().pid();

        String stat = Files.readString(Path.of("/proc/" + terraform + "/stat"));

        String[] afterTheName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        assertThat(Long.parseLong(afterTheName[3])).as("session").isEqualTo(terraform);
    }

    @Test
    void a_command_that_is_out_of_time_ends_the_same_way() throws Exception {
        FutureTask<Throwable> apply =
                applyInTheMiddle(new Limits(Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ZERO));
        ProcessHandle terraform = shell().parent().orElseThrow();

        assertThat(apply.get(20, TimeUnit.SECONDS))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("took longer than 3 s; it stopped when asked to");
        assertThat(terraform.isAlive()).isFalse();
    }

    @Test
    void terraform_that_does_not_stop_is_killed_after_the_grace() throws Exception {
        FutureTask<Throwable> apply =
                applyInTheMiddle(new Limits(Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ZERO));
        ProcessHandle terraform = shell().parent().orElseThrow();
        signal("STOP", terraform);

        threads.get(0).interrupt();

        assertThat(apply.get(20, TimeUnit.SECONDS))
                .isInstanceOf(Interrupted.class)
                .hasMessageContaining("was killed");
        assertThat(terraform.isAlive()).isFalse();
    }

    @Test
    void a_locked_state_is_reported_with_its_holder() throws Exception {
        applyInTheMiddle(LIMITS);

        assertThatThrownBy(() -> terraform("other", LIMITS).plan(Map.of(), List.of()))
                .isInstanceOfSatisfying(DependencyFailed.class, e -> {
                    assertThat(e)
                            .hasMessageContaining(
                                    folder.resolve("state.tfstate").toString())
                            .hasMessageContaining("locked by " + System.getProperty("user.name") + "@")
                            .hasMessageContaining("OperationTypeApply");
                    assertThat(e.hint()).contains("force-unlock");
                });
    }

    @Test
    void a_locked_state_is_waited_for() throws Exception {
        FutureTask<Throwable> apply = applyInTheMiddle(LIMITS);
        Terraform other = terraform("other", new Limits(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(20)));
        CompletableFuture<Plan> plan = CompletableFuture.supplyAsync(() -> other.plan(Map.of(), List.of()));

        Files.writeString(folder.resolve("go"), "");

        assertThat(apply.get(20, TimeUnit.SECONDS)).isNull();
        try (Plan afterwards = plan.get(20, TimeUnit.SECONDS)) {
            assertThat(afterwards.isEmpty()).isTrue();
        }
    }

    @Test
    void terraform_survives_the_death_of_its_caller_and_saves_its_state() throws Exception {
        Process caller = caller(Map.of());
        ProcessHandle terraform = shell().parent().orElseThrow();

        caller.destroyForcibly().waitFor();

        savesItsState(terraform);
    }

    /** Jenkins sends SIGTERM to each process with the cookie of a build or step that it ends. */
    @Test
    void the_process_killer_of_jenkins_finds_the_caller_but_not_terraform() throws Exception {
        Map<String, String> cookies = Map.of("JENKINS_NODE_COOKIE", "build-7", "JENKINS_SERVER_COOKIE", "durable-7");
        Process caller = caller(cookies);
        ProcessHandle terraform = shell().parent().orElseThrow();

        List<ProcessHandle> found = ProcessHandle.allProcesses()
                .filter(process -> cookies.entrySet().stream().anyMatch(cookie -> carries(process, cookie)))
                .toList();
        assertThat(found).containsExactly(caller.toHandle());
        found.forEach(ProcessHandle::destroy);
        assertThat(caller.waitFor(10, TimeUnit.SECONDS)).isTrue();

        savesItsState(terraform);
    }

    private static boolean carries(ProcessHandle process, Map.Entry<String, String> cookie) {
        try {
            String environment = Files.readString(Path.of("/proc/" + process.pid() + "/environ"), ISO_8859_1);
            return List.of(environment.split("\0")).contains(cookie.getKey() + "=" + cookie.getValue());
        } catch (IOException notOurs) {
            return false;
        }
    }

    private Process caller(Map<String, String> environment) throws IOException {
        ProcessBuilder caller = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Caller.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("caller.log").toFile());
        caller.environment().putAll(environment);
        return caller.start();
    }

    private void savesItsState(ProcessHandle terraform) throws Exception {
        Files.writeString(folder.resolve("go"), "");

        assertThat(terraform.onExit()).succeedsWithin(Duration.ofSeconds(10));
        try (Plan plan = terraform("other", LIMITS).plan(Map.of(), List.of())) {
            assertThat(plan.isEmpty()).isTrue();
        }
    }

    /** Applies until it is killed. */
    static final class Caller {
        public static void main(String[] arguments) {
            apply(terraform(Path.of(arguments[0]), "data", LIMITS));
        }
    }

    /** Runs an apply on a thread of its own, until its slow resource has begun; gives what it ended with, or null. */
    private FutureTask<Throwable> applyInTheMiddle(Limits limits) throws Exception {
        Terraform terraform = terraform("data", limits);
        FutureTask<Throwable> outcome = new FutureTask<>(() -> {
            try {
                apply(terraform);
                return null;
            } catch (RuntimeException e) {
                return e;
            }
        });
        Thread thread = new Thread(outcome);
        threads.add(thread);
        thread.start();
        shell();
        return outcome;
    }

    private static void apply(Terraform terraform) {
        try (Plan plan = terraform.plan(Map.of(), List.of())) {
            terraform.apply(plan);
        }
    }

    private Terraform terraform(String data, Limits limits) {
        return terraform(folder, data, limits);
    }

    private static Terraform terraform(Path folder, String data, Limits limits) {
        Terraform terraform =
                new Terraform(folder.resolve("module"), folder.resolve(data), System.getenv(), limits, line -> {});
        terraform.init(Map.of("path", folder.resolve("state.tfstate").toString()));
        return terraform;
    }

    private ProcessHandle shell() throws Exception {
        Path pid = folder.resolve("pid");
        await(() -> Files.exists(pid));
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
