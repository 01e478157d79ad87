package io.pitstop.demo.witness;

import io.pitstop.database.Database;
import io.pitstop.demo.blog.Seed;
import io.pitstop.demo.witness.Testimony.Finding;
import io.pitstop.demo.witness.Testimony.Kind;
import io.pitstop.error.PitstopException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Compares a sample every second while the release goes on, and everything at its end. */
final class Checker {
    private static final int SAMPLE_EACH = 3;

    private final Database database;
    private final Seed seed;
    private final List<Memory> memories;
    private final Comparison.Expansion expansion = new Comparison.Expansion();
    private final Random random = new Random(1);
    private final Map<Long, Finding> findings = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::run, "witness-check");
    private volatile boolean stopping;
    private long compared;

    Checker(Database database, Seed seed, List<Memory> memories) {
        this.database = database;
        this.seed = seed;
        this.memories = memories;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void backfilled() {
        expansion.backfilled();
    }

    void restoring(boolean now) {
        expansion.restoring(now);
    }

    /** Stops the sampling; what it found stays. */
    void stop() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(70)); // the longest statement, and a little
    }

    /** Compares every acknowledged write and every post of the seed. Nobody may write any more. */
    void checkAll() {
        try (Comparison comparison = new Comparison(database, seed, expansion)) {
            Map<Long, Register> touched = new HashMap<>();
            memories.forEach(memory -> memory.touched().forEach(register -> touched.put(register.id(), register)));
            add(comparison.findings(touched.values()), touched.size());
            List<Finding> sown = comparison.unlikeSeed();
            add(sown.stream().filter(f -> !touched.containsKey(f.post())).toList(), 0);
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    synchronized List<Finding> findings() {
        return List.copyOf(findings.values());
    }

    synchronized long count(Kind kind) {
        return findings.values().stream().filter(f -> f.kind() == kind).count();
    }

    synchronized long compared() {
        return compared;
    }

    /** A post counts once, for what was seen first. */
    private synchronized void add(List<Finding> more, long posts) {
        compared += posts;
        more.forEach(finding -> findings.putIfAbsent(finding.post(), finding));
    }

    /**
     * A failed look is no finding: columns go away between the question which there are and the question what they
     * hold, and a database that is down fails the requests themselves. The last comparison must succeed.
     */
    private void run() {
        while (!stopping) {
            try (Comparison comparison = new Comparison(database, seed, expansion)) {
                while (!stopping) {
                    TimeUnit.SECONDS.sleep(1);
                    look(comparison);
                }
            } catch (SQLException | PitstopException e) {
                pause();
            } catch (InterruptedException e) {
                return; // stop() asked for it
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private void look(Comparison comparison) throws SQLException {
        List<Register> sample = new ArrayList<>();
        memories.forEach(memory -> sample.addAll(memory.sample(SAMPLE_EACH, random)));
        sample.removeIf(Register::writing);
        List<Finding> seen = comparison.findings(sample);
        Map<Long, Register> before = new HashMap<>();
        sample.forEach(register -> before.put(register.id(), register));
        // Whoever was written while we looked may hold the old value or the new one.
        List<Finding> certain =
                seen.stream().filter(f -> unchanged(before.get(f.post()))).toList();
        add(certain, sample.size());
    }

    private boolean unchanged(Register register) {
        return memories.stream()
                .flatMap(memory -> memory.register(register.id()).stream())
                .anyMatch(now -> now == register);
    }
}
