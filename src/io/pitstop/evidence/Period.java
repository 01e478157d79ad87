package io.pitstop.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What ran in the database since a look at its statistics.
 *
 * @param since when that look was; empty if there was none
 * @param ran the statements
 * @param missing what keeps this from being all of it
 */
public record Period(Optional<Instant> since, List<Ran> ran, List<Missing> missing) {
    public Period {
        ran = List.copyOf(ran);
        missing = List.copyOf(missing);
    }
}
