package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.error.DependencyFailed;
import io.pitstop.report.Told;
import io.pitstop.step.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A release that is looked at again and again. */
class StatusWatchTest {
    private final Told told = new Told();
    private final List<String> lines = new ArrayList<>();
    private int looks;

    @Test
    void without_a_terminal_each_change_is_a_line_until_the_release_ends() {
        told.event(10, "backfill", "backfilling", "{}");

        Optional<Status.Report> last = watch(false, () -> {
            if (looks == 2) {
                told.event(20, "contract", "contracted", "{}").finished(20);
            }
        });

        assertThat(lines)
                .containsExactly(
                        "2026-01-01T10:00:10Z backfill: backfilling, by ann",
                        "blue 100 %, green 0 %",
                        "2026-01-01T10:00:20Z contract: contracted, by ann",
                        "ended 2026-01-01T10:00:20Z");
        assertThat(last.orElseThrow().finishedAt()).isPresent();
    }

    @Test
    void a_failure_is_told_with_its_reason() {
        told.event(10, "deploy-green", "failed", "{\"problem\": \"No credentials.\", \"hint\": \"Log in.\"}");

        watch(false, () -> told.finished(20));

        assertThat(lines).startsWith("2026-01-01T10:00:10Z deploy-green: failed, by ann: No credentials.");
    }

    @Test
    void what_nobody_has_gone_on_with_comes_before_the_log() {
        told.event(10, "deploy-green", "failed", "{\"problem\": \"No credentials.\", \"hint\": \"Log in.\"}");

        List<String> status = StatusCommand.lines(told.account().status());

        assertThat(status)
                .containsSubsequence(
                        "  failed     deploy-green at 2026-01-01T10:00:10Z: No credentials.", "             Log in.")
                .last()
                .isEqualTo("  next       deploy-green");
        assertThat(StatusCommand.lines(told.finished(20).account().status()))
                .noneMatch(line -> line.startsWith("  failed"));
    }

    @Test
    void a_terminal_is_written_over() {
        watch(true, () -> {
            if (looks == 1) {
                told.finished(20);
            }
        });

        assertThat(lines).hasSize(2).allSatisfy(screen -> assertThat(screen)
                .startsWith("\u001b[H\u001b[2Jblog-2.4.0-1: blog 2.3.1 to 2.4.0 on green"));
    }

    @Test
    void a_database_that_does_not_answer_for_a_moment_is_said_and_asked_again() {
        new StatusWatch(
                        () -> {
                            if (looks++ == 0) {
                                throw new DependencyFailed("The database does not answer.", "Start it.");
                            }
                            return Optional.of(told.finished(20).account().status());
                        },
                        lines::add,
                        false,
                        () -> {})
                .run(Duration.ofHours(1));

        assertThat(lines).startsWith("The database does not answer.").hasSize(3);
    }

    @Test
    void it_ends_when_its_time_is_over() {
        new StatusWatch(() -> Optional.of(told.account().status()), lines::add, false, () -> looks++)
                .run(Duration.ZERO);

        assertThat(looks).isZero();
    }

    @Test
    void an_interrupt_ends_it_and_is_not_swallowed() {
        new StatusWatch(Optional::empty, lines::add, false, () -> {
                    throw new InterruptedException();
                })
                .run(Duration.ofHours(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(lines).containsExactly("No release yet.");
    }

    private Optional<Status.Report> watch(boolean terminal, Runnable between) {
        return new StatusWatch(() -> Optional.of(told.account().status()), lines::add, terminal, () -> {
                    looks++;
                    between.run();
                })
                .run(Duration.ofHours(1));
    }
}
