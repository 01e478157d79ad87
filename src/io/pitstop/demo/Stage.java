package io.pitstop.demo;

import io.pitstop.config.PitstopConfig;
import io.pitstop.config.Quantity;
import io.pitstop.demo.blog.Seed;
import io.pitstop.environment.Deployment;
import io.pitstop.environment.TerraformEnvironments;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Everything that a release of the blog needs, on this machine: a database with posts, the proxy, and version 1 on
 * blue. What a team has before it meets Pitstop.
 */
public final class Stage implements AutoCloseable {
    /** Is there once anything of the entrance may run. */
    private static final String ENTRANCE = "entrance";

    private final Settings settings;
    private final StageFolder folder;
    private final Seed seed;
    private final Consumer<String> progress;
    private final Ports ports;
    private final Entrance entrance;
    private DemoDatabase database;

    /**
     * @param folder of this stage alone; removed when it closes
     * @param home of the Terraform modules and the demo's resources: a clone of the repository
     * @param agent how the agent is called, up to its first argument
     * @param blog how the application is called, as one line for a shell
     * @param bake how long the demo holds a split
     * @param loadTime how long its smoke test loads the new version
     * @param contractAfter how long its switch must have lasted
     * @param aws an emulated load balancer of AWS instead of the built-in proxy alone
     * @param dbUrl an empty database to use instead of an embedded one; user and password come by the environment
     */
    public record Settings(
            Path folder,
            Path home,
            List<String> agent,
            String blog,
            Duration bake,
            Duration loadTime,
            Duration contractAfter,
            boolean aws,
            Optional<String> dbUrl) {}

    private Stage(Settings settings, Seed seed, Consumer<String> progress, Ports ports) {
        this.settings = settings;
        this.folder = new StageFolder(settings.folder());
        this.seed = seed;
        this.progress = progress;
        this.ports = ports;
        this.entrance = entrance();
    }

    /** Builds all of it; what was built is taken down again if something fails. */
    public static Stage open(Settings settings, Seed seed, Consumer<String> progress) {
        return open(new Stage(settings, seed, progress, Ports.free()));
    }

    /** As {@link #open(Settings, Seed, Consumer)}, on a database that is sown already and closed by whoever made it. */
    public static Stage open(Settings settings, Seed seed, DemoDatabase sown, Consumer<String> progress) {
        Stage stage = new Stage(settings, seed, progress, Ports.free());
        stage.database = sown;
        return open(stage);
    }

    private static Stage open(Stage stage) {
        boolean open = false;
        try {
            stage.build();
            open = true;
            return stage;
        } finally {
            if (!open) {
                stage.close();
            }
        }
    }

    /** Takes down a stage that was left running, from its folder alone. */
    public static void takeDown(Path folder) {
        Properties saved = new StageFolder(folder).saved();
        Settings settings = new Settings(
                folder,
                Path.of(saved.getProperty("home")),
                List.of(saved.getProperty("agent").split("\n")),
                "",
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Boolean.parseBoolean(saved.getProperty("aws")),
                Optional.ofNullable(saved.getProperty("database")));
        Ports ports = Ports.parse(saved.getProperty("ports"));
        Stage stage = new Stage(settings, Seed.none(), line -> {}, ports);
        settings.dbUrl().ifPresent(url -> stage.database = DemoDatabase.at(url, System.getenv()));
        stage.close();
    }

    /** Where the router takes orders. */
    public URI admin() {
        return URI.create("http://127.0.0.1:" + ports.admin());
    }

    /** Where {@code colour} answers, past the router. */
    public int port(Colour colour) {
        return colour == Colour.BLUE ? ports.blue() : ports.green();
    }

    /** Where users come in. */
    public URI router() {
        return URI.create("http://127.0.0.1:" + ports.listen());
    }

    public Seed seed() {
        return seed;
    }

    public Path folder() {
        return folder.path();
    }

    public Path configFile() {
        return folder.configFile();
    }

    public PitstopConfig config() {
        return PitstopConfig.load(configFile(), environment());
    }

    /** How the agent is called on this stage, up to its first argument. */
    public List<String> agent() {
        return settings.agent();
    }

    /** The environment of every process of the demo: where the database is, and the secrets to come in. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(entrance.environment());
        if (database != null) {
            environment.putAll(database.environment());
            environment.putAll(database.scratch());
            environment.put("BLOG_DB_URL", database.url());
            environment.put("BLOG_DB_USER", database.user());
            environment.put("BLOG_DB_PASSWORD", database.password());
        }
        return environment;
    }

    /** Stops all processes and removes the folder. */
    @Override
    public void close() {
        // Also when the demo was interrupted: nothing may stay behind.
        boolean interrupted = Thread.interrupted();
        try {
            List<PitstopException> failures = new ArrayList<>();
            for (Runnable part : List.<Runnable>of(
                    () -> destroy(Colour.GREEN),
                    () -> destroy(Colour.BLUE),
                    this::closeEntrance,
                    this::closeDatabase)) {
                attempt(part, failures);
            }
            if (!failures.isEmpty()) {
                throw new DependencyFailed(
                        "Not everything was taken down: " + failures.get(0).getMessage(),
                        "Run pitstop demo --stop " + folder.path() + ".",
                        failures.get(0));
            }
            folder.delete();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What cannot be taken down must not keep the rest running. */
    private static void attempt(Runnable part, List<PitstopException> failures) {
        try {
            part.run();
        } catch (PitstopException e) {
            failures.add(e);
        }
    }

    private void destroy(Colour colour) {
        if (Files.exists(configFile())) {
            environments().destroy(colour);
        }
    }

    private void closeEntrance() {
        if (Files.exists(folder.resolve(ENTRANCE))) {
            entrance.close();
        }
    }

    private void closeDatabase() {
        if (database != null) {
            database.close();
        }
        try {
            Leftovers.remove(folder.resolve("postgres"));
        } catch (IOException e) {
            throw new DependencyFailed("PostgreSQL is still running: " + e.getMessage(), "Stop it by hand.", e);
        }
    }

    private void build() {
        try {
            folder.create(settings.home());
            folder.save(saved());
            if (database == null) {
                database = settings.dbUrl().isPresent() ? theirDatabase() : ourDatabase();
                progress.accept("sowing %,d posts by %,d authors".formatted(seed.posts(), seed.authors()));
                database.seed(seed);
            }
            Files.createFile(folder.resolve(ENTRANCE));
            progress.accept("opening the way for users by Terraform");
            entrance.open();
            folder.writeConfig(settings.home().resolve(entrance.template()), configValues());
            folder.writeEnvironment(environment());
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's folder cannot be made", e);
        }
        progress.accept("starting blog 1 as blue by Terraform");
        environments().apply(new Deployment(Colour.BLUE, "1", "", Colour.BLUE));
    }

    private DemoDatabase ourDatabase() {
        progress.accept("starting PostgreSQL");
        return DemoDatabase.start(folder.resolve("postgres"), settings.home().resolve("target/postgres"));
    }

    private DemoDatabase theirDatabase() {
        DemoDatabase theirs = DemoDatabase.at(settings.dbUrl().orElseThrow(), System.getenv());
        theirs.refuseTables();
        theirs.refuseSilence();
        return theirs;
    }

    private Entrance entrance() {
        Modules modules = new Modules(settings.home(), folder.resolve(".pitstop/terraform"), this::environment);
        return settings.aws()
                ? new AlbEntrance(settings.agent(), folder, ports, modules, progress)
                : new LocalEntrance(settings.agent(), folder, ports, modules);
    }

    private TerraformEnvironments environments() {
        PitstopConfig config = config();
        return new TerraformEnvironments(
                config.application(), config.environments(), config.folder(), environment(), line -> {});
    }

    private Map<String, String> configValues() {
        Map<String, String> values = new HashMap<>(entrance.configValues());
        values.putAll(Map.ofEntries(
                Map.entry("DATABASE_URL", database.url()),
                Map.entry("HOME", settings.home().toString()),
                Map.entry("FOLDER", folder.path().toString()),
                Map.entry("BLOG_COMMAND", settings.blog().replace("\\", "\\\\").replace("\"", "\\\"")),
                Map.entry("BLUE_PORT", String.valueOf(ports.blue())),
                Map.entry("GREEN_PORT", String.valueOf(ports.green())),
                Map.entry("AT_LEAST", String.valueOf(Math.max(1, settings.bake().toSeconds()))),
                Map.entry("BAKE", Quantity.text(settings.bake())),
                Map.entry("LOAD_TIME", Quantity.text(settings.loadTime())),
                Map.entry("CONTRACT_AFTER", Quantity.text(settings.contractAfter()))));
        return values;
    }

    private Properties saved() {
        Properties saved = new Properties();
        saved.setProperty("home", settings.home().toString());
        saved.setProperty("agent", String.join("\n", settings.agent()));
        settings.dbUrl().ifPresent(url -> saved.setProperty("database", url));
        saved.setProperty("ports", ports.toString());
        saved.setProperty("aws", String.valueOf(settings.aws()));
        return saved;
    }
}
