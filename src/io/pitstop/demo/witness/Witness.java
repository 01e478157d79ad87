package io.pitstop.demo.witness;

import io.pitstop.database.Database;
import io.pitstop.demo.witness.Operation.Reply;
import io.pitstop.demo.witness.Testimony.Failure;
import io.pitstop.demo.witness.Testimony.Kind;
import io.pitstop.release.Colour;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Users of the blog who remember everything: they create, edit and read posts through the router at a constant rate, and
 * whatever comes back, or is stored, must be what was acknowledged.
 *
 * <p>A request's time counts from when it was due, not from when a free user sent it, so that a stall shows in the
 * percentiles as its users would have felt it.
 */
public final class Witness implements AutoCloseable {
    static {
        // The client of the JDK would otherwise repeat a lost GET or a refused connection in silence, and keep idle
        // connections for longer than servers do. All are read once in a process, at its first request.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        System.setProperty("jdk.httpclient.keepalive.timeout", "20");
    }

    private static final int KEPT = 100;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(20);

    private final WitnessPlan plan;
    private final List<Client> clients;
    private final BlockingQueue<Client> idle;
    private final ExecutorService answers = Executors.newFixedThreadPool(2, Witness::daemon);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(answers)
            .build();
    private final Phases phases = new Phases("start");
    private final Sightings sightings = new Sightings();
    private final Checker checker;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final List<Failure> failures = new ArrayList<>();
    private final Thread load = daemon(this::load);
    private volatile boolean stopping;

    private Witness(WitnessPlan plan, Database database) {
        this.plan = plan;
        Authors.Guests guests = new Authors.Guests();
        clients = IntStream.range(0, plan.clients())
                .mapToObj(number -> new Client(number, plan, guests))
                .toList();
        idle = new LinkedBlockingQueue<>(clients);
        checker = new Checker(
                database, plan.seed(), clients.stream().map(Client::memory).toList());
    }

    /**
     * Starts asking, in the phase "start".
     *
     * @param database to compare with
     */
    public static Witness start(WitnessPlan plan, Database database) {
        Witness witness = new Witness(plan, database);
        witness.checker.start();
        witness.load.start();
        return witness;
    }

    /** The time of requests that are due from now on counts in a phase of this name, and the failure of those that are sent. */
    public void phase(String name) {
        phases.begin(name, false);
    }

    /** As {@link #phase}, but what is under way and fails now counts in it, too. */
    public void outage(String name) {
        phases.begin(name, true);
    }

    /** From now on every post must have an author in the new columns, not only those written since they are there. */
    public void backfilled() {
        checker.backfilled();
    }

    /** From now on the old columns may come back in a state of their own. */
    public void restoring() {
        checker.restoring(true);
    }

    /** From now on both representations must agree again, in posts written since the contract too. */
    public void restored() {
        checker.restoring(false);
    }

    public long requests() {
        return requests.sum();
    }

    public long failed() {
        return failed.sum();
    }

    /** The figures so far of all phases. */
    public List<Testimony.Phase> phases() {
        return phases.figures();
    }

    /** From {@code since} to the sending of the first request that {@code colour} answered; empty if none was. */
    public Optional<Duration> firstOn(Colour colour, Instant since) {
        return sightings.firstOn(colour, since);
    }

    /**
     * From {@code since} to the sending of the first request after which {@code colour} alone answered, as far as
     * {@code until}; empty if the other colour answered to the end.
     */
    public Optional<Duration> allOn(Colour colour, Instant since, Instant until) {
        return sightings.allOn(colour, since, until);
    }

    /**
     * Stops asking, waits for the last answers and compares everything with what is stored.
     *
     * @throws io.pitstop.error.PitstopException if the database cannot be asked
     */
    public Testimony stop() {
        close();
        checker.checkAll();
        synchronized (failures) {
            return new Testimony(
                    requests.sum(),
                    failed.sum(),
                    writes.sum(),
                    checker.count(Kind.LOST),
                    checker.count(Kind.ALTERED),
                    checker.compared(),
                    phases.figures(),
                    List.copyOf(failures),
                    checker.findings().stream().limit(KEPT).toList());
        }
    }

    /** Stops asking without a last comparison. A second call does nothing. */
    @Override
    public void close() {
        stopping = true;
        // Also when the demo was interrupted: who is still asking must not meet an executor that is gone.
        boolean interrupted = Thread.interrupted();
        try {
            load.join(LAST_ANSWERS.toMillis());
            long end = System.nanoTime() + LAST_ANSWERS.toNanos();
            while (idle.size() < clients.size() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            checker.stop();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            phases.end();
            answers.shutdown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** At a constant rate: if all users wait for answers, what is due waits for a user, and its time runs. */
    private void load() {
        long interval = TimeUnit.SECONDS.toNanos(1) / plan.perSecond();
        for (long due = System.nanoTime(); !stopping; due += interval) {
            for (long ahead = due - System.nanoTime(); ahead > 0; ahead = due - System.nanoTime()) {
                LockSupport.parkNanos(ahead);
            }
            Optional<Client> client = free();
            if (client.isPresent()) {
                ask(client.get(), due);
            }
        }
    }

    private Optional<Client> free() {
        try {
            Client client = idle.poll();
            while (client == null && !stopping) {
                client = idle.poll(50, TimeUnit.MILLISECONDS);
            }
            return Optional.ofNullable(client);
        } catch (InterruptedException e) {
            stopping = true;
            return Optional.empty();
        }
    }

    private void ask(Client client, long due) {
        Instant sent = Instant.now();
        Phases.Phase phase = phases.at(due);
        long begun = System.nanoTime();
        Operation operation = client.next(sent);
        requests.increment();
        http.sendAsync(operation.request(), BodyHandlers.ofString()).whenComplete((response, error) -> {
            Duration took = Duration.ofNanos(System.nanoTime() - due);
            Phases.Phase failing = phases.ofFailure(begun);
            boolean good = false;
            try {
                good = judge(operation, failing, sent, Optional.ofNullable(response), error);
            } finally {
                // Also for an answer that our own judgement stumbles over.
                phase.took(took);
                if (!good) {
                    failing.failed();
                }
                count(operation, good);
                idle.add(client);
            }
        });
    }

    private boolean judge(
            Operation operation,
            Phases.Phase phase,
            Instant sent,
            Optional<HttpResponse<String>> response,
            Throwable error) {
        Optional<String> colour = response.flatMap(r -> r.headers().firstValue("X-Colour"));
        colour.flatMap(Witness::colour).ifPresent(seen -> sightings.add(sent, seen));
        Optional<Reply> reply = response.map(r -> new Reply(r.statusCode(), r.body()));
        Optional<String> expected = operation.judge().expected(reply);
        if (expected.isEmpty()) {
            return true;
        }
        String got = reply.map(r -> r.status() + " and " + r.body()).orElseGet(() -> String.valueOf(error));
        keep(new Failure(sent, phase.name(), colour.orElse("nobody"), operation.name(), expected.get(), got));
        return false;
    }

    private void count(Operation operation, boolean good) {
        if (!good) {
            failed.increment();
        } else if (operation.write()) {
            writes.increment();
        }
    }

    private void keep(Failure failure) {
        synchronized (failures) {
            if (failures.size() < KEPT) {
                failures.add(failure);
            }
        }
    }

    private static Optional<Colour> colour(String header) {
        return switch (header.toLowerCase(Locale.ROOT)) {
            case "blue" -> Optional.of(Colour.BLUE);
            case "green" -> Optional.of(Colour.GREEN);
            default -> Optional.empty();
        };
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "witness");
        thread.setDaemon(true);
        return thread;
    }
}
