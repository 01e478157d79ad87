package io.pitstop.prove;

import io.pitstop.error.CheckFailed;
import io.pitstop.error.Interrupted;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
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
     * @param perSecond requests a second, of each release
     * @param parallel how many releases at once, each on a database server of its own
     */
    public record Options(
            long first,
            int seeds,
            Optional<Family> family,
            Optional<String> kind,
            Duration limit,
            int perSecond,
            int parallel) {
        public Options {
            if (seeds < 1 || seeds > 100_000) {
                throw new InvalidConfig("--seeds is " + seeds + ".", "Choose 1 to 100000; 20 is the default.");
            }
            if (perSecond < 1 || perSecond > 500) {
                throw new InvalidConfig("--rate is " + perSecond + ".", "Choose 1 to 500; 60 is the default.");
            }
            if (parallel < 1 || parallel > 64) {
                throw new InvalidConfig(
                        "--parallel is " + parallel + ".", "Choose 1 to 64; one for each processor is enough.");
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

    /**
     * @param sites opens one for each of the releases that run at once
     * @throws CheckFailed if the release cannot even be finished without a fault
     */
    public Proof on(Supplier<Site> sites) {
        options.faults().stream()
                .filter(fault -> !fault.isPossible())
                .forEach(fault -> say("left out, since this machine lacks what it takes: " + fault.title()));
        say("a release without a fault, to learn its actions");
        try (Site first = sites.get()) {
            Undisturbed undisturbed = undisturbed(first);
            say("%d different actions of %d steps: the points at which faults strike"
                    .formatted(undisturbed.points().count(), Step.values().length));
            return prove(undisturbed, first, sites);
        }
    }

    /**
     * @param first is left open
     * @param more opens the sites of the releases beside, which are closed
     */
    Proof prove(Undisturbed undisturbed, Site first, Supplier<Site> more) {
        Proof proof = new Proof(undisturbed.points().count());
        Queue queue = new Queue(options.faults(), undisturbed, proof);
        List<Runnable> lanes = new ArrayList<>(List.of(() -> queue.work(first)));
        for (int lane = 1; lane < options.parallel(); lane++) {
            lanes.add(() -> {
                try (Site own = more.get()) {
                    queue.work(own);
                }
            });
        }
        all(lanes);
        proof.lines().forEach(this::say);
        return proof;
    }

    /** The seeds that are left, for whichever lane is free. */
    private final class Queue {
        private final AtomicLong next = new AtomicLong(options.first());
        private final long begun = System.nanoTime();
        private final List<Fault> faults;
        private final Undisturbed undisturbed;
        private final Proof proof;

        Queue(List<Fault> faults, Undisturbed undisturbed, Proof proof) {
            this.faults = faults;
            this.undisturbed = undisturbed;
            this.proof = proof;
        }

        void work(Site site) {
            long seed = next.getAndIncrement();
            while (seed < options.first() + options.seeds()) {
                if (Duration.ofNanos(System.nanoTime() - begun).compareTo(options.limit()) > 0) {
                    say("the time is over");
                    return;
                }
                proof.add(run(site::next, Trial.draw(seed, faults, undisturbed.points()), undisturbed.shape()));
                seed = next.getAndIncrement();
            }
        }
    }

    /** Ends when the last has, and throws what the first of them threw. */
    private static void all(List<Runnable> lanes) {
        ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
        try {
            for (Future<?> lane :
                    threads.invokeAll(lanes.stream().map(Executors::callable).toList())) {
                lane.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("proving");
        } finally {
            threads.shutdownNow();
        }
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
        } catch (Interrupted e) {
            throw e;
        } catch (RuntimeException e) {
            result = RunResult.broken(trial, e); // one that cannot be judged is not one that came through
        }
        StringBuilder told = new StringBuilder(result.line());
        if (!result.isGood()) {
            result.findings().forEach(finding -> told.append("\n    ").append(finding));
            result.findings().forEach(log::add);
            told.append("\n    all that was printed: ").append(log.write(logs, "seed-" + trial.seed() + ".log"));
        }
        say(told.toString()); // in one piece, as others speak at the same time
        return result;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
