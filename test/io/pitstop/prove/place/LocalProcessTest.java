package io.pitstop.prove.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalProcessTest {
    @TempDir
    private Path folder;

    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void end() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Test
    void a_process_ends_if_it_is_the_one_that_was_recorded() throws Exception {
        record(startTime());

        all().forEach(LocalProcess::kill);

        assertThat(process.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void a_stranger_that_has_the_pid_of_one_that_has_ended_is_left_alone() throws Exception {
        record(Long.toString(Long.parseLong(startTime()) - 1));

        all().forEach(LocalProcess::kill);

        assertThat(process.isAlive()).isTrue();
    }

    /** Linux numbers threads and processes from one pool, and takes the number of either. */
    @Test
    void so_is_the_process_of_a_thread_that_has_it() throws Exception {
        String own = Long.toString(ProcessHandle.current().pid());
        String thread;
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            thread = threads.map(path -> path.getFileName().toString())
                    .filter(id -> !id.equals(own))
                    .findAny()
                    .orElseThrow();
        }
        Files.createDirectories(folder.resolve("run/blog"));
        Files.writeString(folder.resolve("run/blog/process.pid"), thread + " 1 generation\n");

        all().forEach(LocalProcess::kill); // or this is the last that is heard of this test

        assertThat(process.isAlive()).isTrue();
    }

    private List<LocalProcess> all() {
        List<LocalProcess> all = LocalProcess.below(folder);
        assertThat(all).hasSize(1);
        return all;
    }

    private void record(String startTime) throws IOException {
        Files.createDirectories(folder.resolve("run/blog"));
        Files.writeString(folder.resolve("run/blog/process.pid"), process.pid() + " " + startTime + " generation\n");
    }

    private String startTime() throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).split(" ")[21];
    }
}
