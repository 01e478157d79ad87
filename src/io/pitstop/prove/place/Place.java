package io.pitstop.prove.place;

import io.pitstop.database.Database;
import io.pitstop.database.LockWatch;
import io.pitstop.demo.DemoDatabase;
import io.pitstop.demo.DemoServer;
import io.pitstop.demo.Stage;
import io.pitstop.demo.blog.Seed;
import io.pitstop.demo.witness.Witness;
import io.pitstop.demo.witness.WitnessPlan;
import io.pitstop.error.DependencyFailed;
import io.pitstop.prove.wire.DatabaseWire;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.RouterWire;
import io.pitstop.prove.wire.Side;
import io.pitstop.prove.wire.TerraformWire;
import io.pitstop.prove.wire.Toll;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A stage of one run, all lines between its agents and the outside going through wires, with users at the entrance. */
public final class Place implements AutoCloseable {
    private static final int CLIENTS = 20;

    /** Two shifts tell as much as four; how fast answers are on a busy machine is not what is proved here. */
    private static final Map<String, String> QUICK = Map.of(
            "  - load: { path: /posts/1, rate: 100/s, for: 1s, p95: 250ms, errors: 0% }\n", "",
            "router: { errors: 0%, p95: 250ms,", "router: { errors: 0%, p95: 10s,",
            "steps: [5, 25, 50, 100]", "steps: [50, 100]");

    private final DemoServer server;
    private final DemoDatabase database;
    private final Stage stage;
    private final DatabaseWire databaseWire;
    private final RouterWire routerWire;
    private final TerraformWire terraformWire;
    private final Witness witness;
    private final LockWatch locks;
    private final List<Node> nodes = new ArrayList<>();
    private volatile Toll toll = Place::free;
    private Optional<NodeClock> clock = Optional.empty();

    private Place(DemoServer server, DemoDatabase database, Stage stage, int perSecond) {
        this.server = server;
        this.database = database;
        this.stage = stage;
        this.databaseWire = DatabaseWire.open(databaseUri().getPort(), this::pass);
        this.routerWire = RouterWire.open(stage.admin(), this::pass);
        this.terraformWire = TerraformWire.open(stage.folder().resolve("wire"), this::pass);
        this.locks = LockWatch.start(database());
        this.witness = Witness.start(new WitnessPlan(stage.router(), stage.seed(), CLIENTS, perSecond), database());
    }

    /**
     * Builds a stage and lets users in.
     *
     * @param settings of the stage; its folder is removed when the place closes
     * @param perSecond requests a second
     */
    public static Place open(DemoServer server, Stage.Settings settings, Seed seed, int perSecond) {
        DemoDatabase database = server.next();
        Stage stage = Stage.open(settings, seed, database, line -> {});
        boolean open = false;
        try {
            Place place = new Place(server, database, stage, perSecond);
            open = true;
            return place;
        } finally {
            if (!open) {
                stage.close();
            }
        }
    }

    /** Whom every action of an agent meets from now on. */
    public void meet(Toll newToll) {
        toll = newToll;
    }

    /** Nobody is met any more. */
    public void clear() {
        toll = Place::free;
    }

    public DemoServer server() {
        return server;
    }

    public Stage stage() {
        return stage;
    }

    public Witness witness() {
        return witness;
    }

    /** The longest time that a statement of the application waited for one of ours; empty if none did, or nobody could see. */
    public Optional<LockWatch.Wait> longestWait() {
        try {
            return locks.longest();
        } catch (DependencyFailed e) {
            return Optional.empty(); // a crash of the server took the watch along
        }
    }

    public TerraformWire terraform() {
        return terraformWire;
    }

    /** All nodes so far. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** A new node on which no agent has run yet. */
    public Node node() {
        Map<String, String> replaced = new LinkedHashMap<>();
        replaced.put(
                databaseUri().getAuthority() + databaseUri().getPath(),
                "127.0.0.1:" + databaseWire.port() + databaseUri().getPath() + "?sslmode=disable&gssEncMode=disable");
        replaced.put(stage.admin().getAuthority(), "127.0.0.1:" + routerWire.port());
        replaced.putAll(QUICK);
        Map<String, String> more = Map.of(
                "PATH", terraformWire.folder() + File.pathSeparator + System.getenv("PATH"),
                "PROVE_TERRAFORM", terraformWire.real().toString(),
                "PROVE_QUESTIONS", terraformWire.questions().toString());
        Node node = Node.of(stage.folder().resolve("node-" + nodes.size()), stage, replaced, more);
        clock.ifPresent(node::see);
        nodes.add(node);
        return node;
    }

    /** Gives all nodes one clock that can be set. It is right so far. */
    public NodeClock clock(Path library) {
        NodeClock settable =
                clock.orElseGet(() -> NodeClock.in(library, stage.folder().resolve("clock")));
        clock = Optional.of(settable);
        nodes.forEach(node -> node.see(settable));
        return settable;
    }

    /** A session past the wire. */
    public Connection session() {
        return database().connect("prove");
    }

    /** By force: Terraform would take longer to take it down than the release took, and nobody needs it any more. */
    @Override
    public void close() {
        witness.close();
        endWatch();
        databaseWire.close();
        routerWire.close();
        terraformWire.close();
        LocalProcess.all(stage).forEach(LocalProcess::kill);
        database.close();
    }

    private void endWatch() {
        try {
            locks.close();
        } catch (DependencyFailed e) {
            return; // its session has ended already
        }
    }

    private Passage pass(String action, Side side, OptionalInt backend) {
        return toll.pass(action, side, backend);
    }

    private static Passage free(String action, Side side, OptionalInt backend) {
        return Passage.GO;
    }

    private Database database() {
        return Database.from(stage.config().database(), "blog", stage.environment());
    }

    private URI databaseUri() {
        return URI.create(stage.config().database().url().substring("jdbc:".length()));
    }
}
