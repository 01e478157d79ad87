package io.pitstop.backfill.brake;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long things took before the backfill began. Measured once for all its files, and not again when the session that
 * watches was lost: by then it would be what they take beside a backfill.
 */
public final class Usual {
    private final Map<String, Double> ms = new ConcurrentHashMap<>();

    /** What something takes in ms. */
    interface Measurement {
        double take() throws SQLException;
    }

    double ms(String what, Measurement measurement) throws SQLException {
        Double known = ms.get(what);
        if (known == null) {
            known = measurement.take();
            ms.put(what, known);
        }
        return known;
    }
}
