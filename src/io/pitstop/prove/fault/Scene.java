package io.pitstop.prove.fault;

import io.pitstop.error.Interrupted;
import io.pitstop.prove.place.Node;
import io.pitstop.prove.place.Place;
import io.pitstop.prove.place.RunningCommand;
import io.pitstop.prove.wire.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a fault can lay hands on. One of each run. */
public final class Scene implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 90;

    private final Place place;
    private final Node node;
    private final Random random;
    private final String[] arguments;
    private final List<CompletableFuture<Void>> works = new ArrayList<>();
    private final ExecutorService workers = Executors.newCachedThreadPool(Scene::daemon);
    private final List<String> findings = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile RunningCommand command;
    private volatile Side side = Side.BEFORE;
    private volatile OptionalInt backend = OptionalInt.empty();
    private volatile String action = "";
    private volatile long struckAt;

    /**
     * @param node on which the command runs
     * @param arguments of the command
     */
    public Scene(Place place, Node node, Random random, String... arguments) {
        this.place = place;
        this.node = node;
        this.random = random;
        this.arguments = arguments.clone();
    }

    /** Tells where the fault is going to strike. */
    public void at(String struck, Side onSide, OptionalInt server) {
        action = struck;
        side = onSide;
        backend = server;
        struckAt = System.nanoTime();
    }

    /** Tells which command is under fire. */
    public void fires(RunningCommand started) {
        command = started;
    }

    Place place() {
        return place;
    }

    Node node() {
        return node;
    }

    Random random() {
        return random;
    }

    String[] arguments() {
        return arguments.clone();
    }

    RunningCommand command() {
        return command;
    }

    Side side() {
        return side;
    }

    String action() {
        return action;
    }

    /** The process in the server behind the session that acts; empty if the action is none of the database. */
    OptionalInt backend() {
        return backend;
    }

    /** True for so long after the fault has struck. */
    boolean isWithin(long ms) {
        long at = struckAt;
        return at != 0 && System.nanoTime() - at < TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** Opens when the fault is to end. */
    CountDownLatch ended() {
        return ended;
    }

    /** Does something beside the agent; {@link #settle} waits for it. */
    void beside(Runnable work) {
        works.add(CompletableFuture.runAsync(work, workers));
    }

    /** Something that must not be. */
    synchronized void find(String finding) {
        findings.add(finding);
    }

    /** What must not be, so far. */
    public synchronized List<String> findings() {
        return List.copyOf(findings);
    }

    /** Waits until all that was begun beside the agent is over. */
    void settle() {
        try {
            for (CompletableFuture<Void> work : works) {
                work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("a fault came to its end");
        } catch (ExecutionException | TimeoutException e) {
            find("the fault itself failed: " + e);
        }
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("a fault lasted");
        }
    }

    @Override
    public void close() {
        ended.countDown();
        workers.shutdownNow();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "fault");
        thread.setDaemon(true);
        return thread;
    }
}
