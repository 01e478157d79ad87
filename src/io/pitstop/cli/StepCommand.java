package io.pitstop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.cli.output.Json;
import io.pitstop.cli.output.LogLines;
import io.pitstop.cli.output.Screen;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.notify.Announcements;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
import io.pitstop.step.StepResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all steps of a release share: which release, and what their results say of it. */
@Command(sortOptions = false)
abstract class StepCommand extends ResultCommand {
    @Option(
            names = "--release",
            paramLabel = "ID",
            description =
                    "Release to work on. Default: the one under way, else the last one; migrate-expand opens one.")
    private String release;

    @Spec
    private CommandSpec spec;

    private volatile Optional<Release> known = Optional.empty();

    /** Runs the step. */
    abstract StepResult run(Wiring wiring, Optional<String> release);

    /** What can be drawn on; empty unless a person watches. */
    final Optional<Screen> screen() {
        return spec.commandLine().getOut() instanceof Screen.Printer printer
                ? Optional.of(printer.screen())
                : Optional.empty();
    }

    @Override
    final ObjectNode run(Path config, Consumer<String> lines) {
        Consumer<String> progress = line -> lines.accept("  " + line);
        Wiring plain = Wiring.from(config, progress);
        try (Measured measured = new Measured(plain.config(), spec.name(), System.getenv(), progress)) {
            Announcements people = plain.announcements(spec.name(), progress);
            Wiring wiring = plain.watchedBy(measured.meters(), this::name);
            StepResult done = people.during(
                    () -> known,
                    () -> told(wiring, () -> measured.time(wiring, () -> run(wiring, Optional.ofNullable(release)))));
            Optional<Release> now = wiring.release(done);
            measured.show(now, wiring::archives, wiring.config().contract().retain());
            ObjectNode result = result(done, now);
            lines.accept(done.message());
            people.done(done, now);
            return result;
        }
    }

    /** Where the release is known, its event log says why the step failed. */
    private <T> T told(Wiring wiring, Supplier<T> work) {
        long begun = System.nanoTime();
        try {
            return work.get();
        } catch (RuntimeException failure) {
            known.ifPresent(found ->
                    wiring.setbacks().note(spec.name(), found, Duration.ofNanos(System.nanoTime() - begun), failure));
            throw failure;
        }
    }

    /** From now on its log lines are about this release. */
    private void name(Release worked) {
        known = Optional.of(worked);
        if (spec.commandLine().getOut() instanceof LogLines.Printer log) {
            log.name(worked);
        }
    }

    /**
     * The step's own record, and of the release {@code application}, {@code version} and {@code facts}: what holds for
     * it now.
     *
     * @param release empty if the step worked without the journal
     */
    static ObjectNode result(StepResult done, Optional<Release> release) {
        ObjectNode result = (ObjectNode) Json.tree(done);
        release.ifPresent(now -> result.put("application", now.application()).put("version", now.version()));
        result.set("facts", Json.tree(release.map(StepCommand::facts).orElse(List.of())));
        return result;
    }

    private static List<String> facts(Release release) {
        return release.facts().keySet().stream().sorted().map(Fact::words).toList();
    }
}
