package io.pitstop.draft;

import java.util.Locale;

/** Where a script belongs. */
public enum Phase {
    EXPAND,
    BACKFILL,
    FINISH,
    CONTRACT,
    RESTORE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
