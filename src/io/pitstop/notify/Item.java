package io.pitstop.notify;

import io.pitstop.config.Occasion;
import io.pitstop.release.Event;
import io.pitstop.release.Release;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Something to tell, once.
 *
 * @param release whose event log knows whether it was told; empty if there is none
 * @param key tells two items of the same occasion apart
 * @param origin the events after which it has to be told, once more if it was told before
 */
record Item(
        Occasion occasion, Notification notification, Optional<Release> release, String key, Predicate<Event> origin) {
    /** The event that says that it was told. */
    static final String TOLD = "announced";

    /** @param events oldest first */
    boolean isTold(List<Event> events) {
        boolean told = false;
        for (Event event : events) {
            told = !origin.test(event) && (told || isTelling(event));
        }
        return told;
    }

    /** True if it is better not told at all than twice: nothing has happened, and it can be found out again. */
    boolean isReminder() {
        return occasion == Occasion.CONTRACT_DUE;
    }

    private boolean isTelling(Event event) {
        return event.event().equals(TOLD)
                && occasion.key().equals(event.particulars().get("what"))
                && key.equals(event.particulars().get("key"));
    }
}
