package io.pitstop.step;

import io.pitstop.database.Database;
import io.pitstop.database.DatabaseHealth;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.traffic.TrafficRouter;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the database takes the sessions of both colours at once: while users move, both pools may be full.
 *
 * <p>A pool that is not full now may be so in the minute of the switch. So its size counts where it is told; where it is
 * not, the other colour is taken to need what the live one has.
 */
public final class ConnectionBudget {
    /** What the agent itself may open at once, with some room. */
    private static final int OURS = 6;

    private final Database database;
    private final ColourSessions sessions;
    private final TrafficRouter router;
    private final Optional<Integer> poolSize;

    /** @param poolSize most sessions of one target; empty if nobody told */
    public ConnectionBudget(
            Database database, ColourSessions sessions, TrafficRouter router, Optional<Integer> poolSize) {
        this.database = database;
        this.sessions = sessions;
        this.router = router;
        this.poolSize = poolSize;
    }

    /**
     * @param holds false if sessions would be refused
     * @param words the sum, for people
     */
    record Sum(boolean holds, String words) {}

    Sum read() {
        DatabaseHealth health = DatabaseHealth.read(database);
        int blue = sessions.count(Colour.BLUE);
        int green = sessions.count(Colour.GREEN);
        int others = health.sessions() - blue - green;
        int full = poolSize.map(size -> 2 * size * targets()).orElse(2 * Math.max(blue, green));
        int needed = others + full + OURS;
        String pools = poolSize.map(size -> "2 colours of " + targets() + " targets with " + size + " each")
                .orElse("2 colours with " + Math.max(blue, green) + " each, as the larger has now");
        return new Sum(
                needed <= health.maxSessions(),
                needed + " of " + health.maxSessions() + " may be needed at once: " + pools + ", " + OURS + " of ours, "
                        + others + " of others");
    }

    /** A release brings up as many as there are. */
    private int targets() {
        return Stream.of(Colour.values())
                .mapToInt(colour -> router.health(colour).total())
                .max()
                .orElse(0);
    }
}
