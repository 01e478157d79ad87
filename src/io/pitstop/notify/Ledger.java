package io.pitstop.notify;

import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people were told of one release, in its event log, while nobody else writes there that they tell something. */
final class Ledger implements AutoCloseable {
    private static final String STEP = "notify";

    private final Lease lease;
    private final List<Event> events;

    private Ledger(Lease lease, List<Event> events) {
        this.lease = lease;
        this.events = events;
    }

    /**
     * Empty if somebody else tells something at this moment.
     *
     * @throws io.pitstop.error.PitstopException if the journal cannot be read or written
     */
    static Optional<Ledger> open(ReleaseJournal journal, Release release) {
        Optional<Lease> lease = journal.tryLease(release, STEP);
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        boolean wanted = false;
        try {
            List<Event> events = journal.events(release);
            wanted = !Thread.currentThread().isInterrupted(); // who waited for it may have lost patience
            return wanted ? Optional.of(new Ledger(lease.get(), events)) : Optional.empty();
        } finally {
            if (!wanted) {
                lease.get().close();
            }
        }
    }

    boolean knows(Item item) {
        return item.isTold(events);
    }

    /** @param to who took it */
    void note(Item item, List<String> to) {
        lease.note(
                Item.TOLD,
                Map.of(
                        "what", item.occasion().key(),
                        "key", item.key(),
                        "headline", item.notification().headline(),
                        "to", to));
    }

    @Override
    public void close() {
        lease.close();
    }
}
