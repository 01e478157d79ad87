package io.pitstop.step;

import io.pitstop.backfill.brake.Order;
import io.pitstop.backfill.brake.Orders;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Pauses, slows down or speeds up a backfill that runs, on whichever node it does. */
public final class BackfillOrders {
    private static final String STEP = "backfill-orders";

    private final ReleaseJournal journal;
    private final Orders orders;
    private final String person;

    /** @param person who gives the orders */
    public BackfillOrders(ReleaseJournal journal, Orders orders, String person) {
        this.journal = journal;
        this.orders = orders;
        this.person = person;
    }

    /** What the backfill was told. */
    public record Result(String release, String message) implements StepResult {}

    /** What an operator may want. */
    public interface Wish {
        Order of(Orders orders, Lease lease, String person);
    }

    /** A pause ends by itself, so that a backfill never stands still because somebody forgot it. */
    public static Wish pause(Duration duration) {
        return (orders, lease, person) -> orders.pause(lease, duration, person);
    }

    public static Wish resume() {
        return Orders::resume;
    }

    /** @param rowsPerSecond of all processes together, at least 1 */
    public static Wish limit(long rowsPerSecond) {
        return (orders, lease, person) -> orders.limit(lease, rowsPerSecond, person);
    }

    public static Wish slower() {
        return Orders::slower;
    }

    public static Wish faster() {
        return Orders::faster;
    }

    /** Holds for a backfill that runs within a second, and for one that is started later. */
    public Result run(Optional<String> id, Wish wish) {
        Release found = new Releases(journal).find(id);
        Releases.refuseEnded(found);
        try (Lease lease = journal.lease(found, STEP)) {
            Order order = wish.of(orders, lease, person);
            lease.note("backfill order", Map.of("order", order.toString()));
            return new Result(found.id(), "The backfill of " + found.id() + ": " + order + ".");
        }
    }
}
