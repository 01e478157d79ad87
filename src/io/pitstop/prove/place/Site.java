package io.pitstop.prove.place;

import io.pitstop.demo.DemoServer;
import io.pitstop.demo.Stage;
import io.pitstop.demo.blog.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One database server, and the means to build a small stage on it again and again. */
public final class Site implements AutoCloseable {
    private static final Seed SEED = new Seed(3_000, 300);

    private final Path folder;
    private final Path home;
    private final List<String> agent;
    private final String blog;
    private final int perSecond;
    private final DemoServer server;
    private final Thread whenEnded = new Thread(this::leaveNothing);
    private int stages;

    private Site(Path folder, Path home, List<String> agent, String blog, int perSecond) {
        this.folder = folder;
        this.home = home;
        this.agent = agent;
        this.blog = blog;
        this.perSecond = perSecond;
        this.server = DemoServer.start(folder.resolve("postgres"), home.resolve("target/postgres"), SEED);
        Runtime.getRuntime().addShutdownHook(whenEnded);
    }

    /**
     * @param home of the Terraform modules and the demo's resources: a clone of the repository
     * @param agent how the agent is called, up to its first argument
     * @param classpath of the blog
     * @param perSecond requests a second of each run
     */
    public static Site open(Path home, List<String> agent, String classpath, int perSecond) {
        try {
            Path folder = Files.createTempDirectory("pitstop-prove-").toRealPath();
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String blog = "exec '%s' -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s"
                    .formatted(java, classpath, "io.pitstop.demo.blog.BlogApp");
            return new Site(folder, home, agent, blog, perSecond);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made", e);
        }
    }

    /** Builds the next stage, and lets users in. */
    public Place next() {
        return next(agent);
    }

    /** As {@link #next()}, for another agent. */
    public Place next(List<String> other) {
        Path stage = folder.resolve("stage-" + stages++);
        // Its database comes from the stage's own file, because the agent that deploys it knows nothing of it.
        Stage.Settings settings = new Stage.Settings(
                stage,
                home,
                other,
                ". '%s/env' && %s".formatted(stage, blog),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                false,
                Optional.empty());
        return Place.open(server, settings, SEED, perSecond);
    }

    /** Stops the server and removes all files. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(whenEnded);
        } catch (IllegalStateException ending) {
            return; // the hook is at it
        }
        server.close();
        remove();
    }

    /** The proof is ended in the middle of a release: what runs for it has sessions of its own and would stay. */
    private void leaveNothing() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly); // no agent starts anything more
        LocalProcess.below(folder).forEach(LocalProcess::kill);
        server.close();
        remove();
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be removed", e);
        }
    }
}
