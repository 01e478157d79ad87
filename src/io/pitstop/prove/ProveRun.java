package io.pitstop.prove;

import io.pitstop.error.CheckFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.prove.check.Shape;
import io.pitstop.prove.fault.Family;
import io.pitstop.prove.fault.Fault;
import io.pitstop.prove.fault.Faults;
import io.pitstop.prove.place.Place;
import io.pitstop.prove.place.Site;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The proof: one release undisturbed, then one for each seed with its fault. */
public final class ProveRun {
    private final Options options;
    private final Path logs;
    private final PrintWriter out;

    /**
     * @param first seed
     * @param seeds how many, counting up
     * @param family only faults of this one
     * @param kind only faults whose title holds this
     * @param limit after which no release is begun any more
     * @param perSecond requests a second
     */
    public record Options(
            long first, int seeds, Optional<Family> family, Optional<String> kind, Duration limit, int perSecond) {
        public Options {
            if (seeds < 1 || seeds > 100_000) {
                throw new InvalidConfig("--seeds is " + seeds + ".", "Choose 1 to 100000; 20 is the default.");
            }
            if (perSecond < 1 || perSecond > 500) {
                throw new InvalidConfig("--rate is " + perSecond + ".", "Choose 1 to 500; 60 is the default.");
            }
        }

        List<Fault> faults() {
            List<Fault> faults = family.map(Faults::of).orElseGet(Faults::all).stream()
                    .filter(fault -> kind.isEmpty() || fault.title().contains(kind.get()))
                    .toList();
            if (faults.isEmpty()) {
                throw new InvalidConfig(
                        "There is no such fault.",
                        "Choose one of: "
                                + String.join(
                                        ", ",
                                        Faults.all().stream().map(Fault::title).toList()) + ".");
            }
            return faults;
        }
    }

    /** @param logs folder for what the commands of failed runs printed */
    public ProveRun(Options options, Path logs, PrintWriter out) {
        this.options = options;
        this.logs = logs;
        this.out = out;
    }

    /** @throws CheckFailed if the release cannot even be finished without a fault */
    public Proof on(Site site) {
        List<Fault> faults = options.faults();
        long begun = System.nanoTime();
        say("a release without a fault, to learn its actions");
        Undisturbed undisturbed = undisturbed(site);
        say("%d different actions of %d steps: the points at which faults strike"
                .formatted(undisturbed.points().count(), Step.values().length));
        Proof proof = new Proof(undisturbed.points().count());
        for (long seed = options.first(); seed < options.first() + options.seeds(); seed++) {
            Duration past = Duration.ofNanos(System.nanoTime() - begun);
            if (past.compareTo(options.limit()) > 0) {
                say("the time is over");
                break;
            }
            proof.add(run(site::next, Trial.draw(seed, faults, undisturbed.points()), undisturbed.shape()));
        }
        proof.lines().forEach(this::say);
        return proof;
    }

    /** What the others are compared with. */
    record Undisturbed(Points points, Shape shape) {}

    Undisturbed undisturbed(Site site) {
        RunLog log = new RunLog();
        try (Place place = site.next()) {
            ReleaseRun release = new ReleaseRun(place, log);
            Points points = release.record();
            place.clear();
            List<String> wrong = release.findings().isEmpty()
                    ? Verdict.of(place, place.witness().stop(), log, Optional.empty(), Optional.empty())
                    : release.findings();
            if (!wrong.isEmpty()) {
                throw new CheckFailed(
                        "Without a fault: " + String.join("; ", wrong),
                        "Read " + log.write(logs, "undisturbed.log") + ".");
            }
            try (Connection session = place.session()) {
                return new Undisturbed(points, Shape.of(session));
            }
        } catch (SQLException e) {
            throw new CheckFailed("The database cannot be asked: " + e.getMessage(), "Run it again.", e);
        }
    }

    /** @param places where the release takes place */
    RunResult run(Supplier<Place> places, Trial trial, Shape shape) {
        RunLog log = new RunLog();
        RunResult result;
        try (Place place = places.get()) {
            result = new ReleaseRun(place, log).run(trial, Optional.of(shape));
        }
        say(result.line());
        if (!result.isGood()) {
            result.findings().forEach(finding -> say("    " + finding));
            result.findings().forEach(log::add);
            say("    all that was printed: " + log.write(logs, "seed-" + trial.seed() + ".log"));
        }
        return result;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
