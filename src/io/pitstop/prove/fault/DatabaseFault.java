package io.pitstop.prove.fault;

import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The database fails the agent at one of its statements, or somebody else is in its way. */
enum DatabaseFault implements Fault {
    SESSION_TERMINATED("session terminated"),
    /** After a commit, whoever asked cannot know whether it happened. */
    CONNECTION_CUT("connection cut"),
    SERVER_CRASHED("server crashed"),
    LOCK_HELD("lock held"),
    OLD_TRANSACTION("old transaction"),
    CONNECTIONS_EXHAUSTED("connections exhausted"),
    /** One statement finds no room, the next does: somebody is already at it. */
    DISK_FULL_ONCE("disk full for a moment"),
    DISK_FULL("disk full for a while"),
    /** Every commit that somebody was told of is in it. */
    REPLICA_PROMOTED("replica promoted");

    private static final int LASTS_MS = 1_500;
    private static final int FULL_MS = 2_000;

    /** What needs room, whatever stands before it: the purpose of the session, and a mark. */
    private static final Pattern WRITES = Pattern.compile(
            "database (\\[[^]]*] )?(INSERT|UPDATE|CREATE|ALTER|COPY|MERGE|WITH .*(INSERT INTO|UPDATE)) .*");

    /** By which a step may have come to its end. */
    private static final Pattern ENDS = Pattern.compile("database (\\[[^]]*] )?(COMMIT|DELETE FROM pitstop.leases).*");

    /** Returns once the session is gone, or after two seconds; only from version 14 on a server waits by itself. */
    private static final String TERMINATE = "DO $$ BEGIN PERFORM pg_terminate_backend(%1$d); FOR i IN 1..200 LOOP"
            + " PERFORM pg_stat_clear_snapshot(); EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %1$d);"
            + " PERFORM pg_sleep(0.01); END LOOP; END $$";

    private final String words;

    DatabaseFault(String words) {
        this.words = words;
    }

    @Override
    public Family family() {
        return Family.DATABASE;
    }

    @Override
    public String title() {
        return words;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        boolean before = action.startsWith("database") && side == Side.BEFORE;
        return switch (this) {
            case CONNECTION_CUT -> action.startsWith("database");
            case DISK_FULL_ONCE, DISK_FULL -> before && WRITES.matcher(action).matches();
            case SESSION_TERMINATED, SERVER_CRASHED, LOCK_HELD, OLD_TRANSACTION, CONNECTIONS_EXHAUSTED -> before;
                // What ran since the switch only the dead server knew: then contract waits for somebody who accepts
                // that.
            case REPLICA_PROMOTED -> before
                    && !command.equals("contract")
                    && !(command.equals("switch-traffic")
                            && ENDS.matcher(action).matches());
        };
    }

    @Override
    public void prepare(Scene scene) {
        if (this == REPLICA_PROMOTED) {
            scene.place().server().replicate();
        }
    }

    @Override
    public Passage strike(Scene scene) {
        switch (this) {
            case SESSION_TERMINATED -> terminate(scene);
            case CONNECTION_CUT -> {
                return Passage.CUT;
            }
            case SERVER_CRASHED -> {
                scene.beside(() -> scene.place().server().crash());
                Scene.pause(scene.random().nextInt(300));
            }
            case REPLICA_PROMOTED -> {
                scene.beside(() -> scene.place().server().promoteReplica());
                Scene.pause(scene.random().nextInt(300));
            }
            case LOCK_HELD -> hold(scene, "LOCK TABLE posts IN ROW EXCLUSIVE MODE");
            case OLD_TRANSACTION -> hold(scene, "SELECT count(*) FROM flyway_schema_history");
            case CONNECTIONS_EXHAUSTED -> exhaust(scene);
            case DISK_FULL_ONCE, DISK_FULL -> {
                return Passage.REFUSE;
            }
        }
        return Passage.GO;
    }

    @Override
    public Passage linger(Scene scene, String action, Side side) {
        return this == DISK_FULL && scene.isWithin(FULL_MS) && meets("", action, side) ? Passage.REFUSE : Passage.GO;
    }

    @Override
    public void end(Scene scene) {
        scene.settle();
        if (this == REPLICA_PROMOTED) {
            scene.place().server().removeReplica();
        }
    }

    @Override
    public Set<Integer> exits() {
        return Set.of(0, 5);
    }

    /** A server that dies takes every session along; when no connection is left the application may want one more too. */
    @Override
    public boolean hurtsUsers() {
        return this == SERVER_CRASHED || this == CONNECTIONS_EXHAUSTED || this == REPLICA_PROMOTED;
    }

    private static void terminate(Scene scene) {
        try (Connection session = scene.place().session();
                Statement statement = session.createStatement()) {
            statement.execute(TERMINATE.formatted(scene.backend().orElse(0)));
        } catch (SQLException e) {
            scene.find("no session could be terminated: " + e.getMessage());
        }
    }

    private static void hold(Scene scene, String statement) {
        scene.beside(() -> {
            try (Connection session = scene.place().session();
                    Statement holder = session.createStatement()) {
                session.setAutoCommit(false);
                session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                holder.execute("SET LOCAL lock_timeout = '2s'");
                holder.execute(statement);
                Scene.pause(LASTS_MS);
                session.rollback();
            } catch (SQLException e) {
                // Where the agent holds the lock itself, there is nobody in its way.
                return;
            }
        });
        Scene.pause(100);
    }

    private static void exhaust(Scene scene) {
        List<Connection> sessions = new ArrayList<>();
        try {
            int free = free(scene);
            for (int i = 0; i < free; i++) {
                sessions.add(scene.place().session());
            }
        } catch (io.pitstop.error.PitstopException e) {
            // No more: that is what was wanted.
            Scene.pause(0);
        }
        scene.beside(() -> {
            Scene.pause(LASTS_MS);
            sessions.forEach(io.pitstop.database.Database::close);
        });
    }

    private static int free(Scene scene) {
        try (Connection session = scene.place().session();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('max_connections')::int - count(*)"
                        + " FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            return 0;
        }
    }
}
