package io.pitstop.check.script;

import java.util.Locale;

/** When a script runs in a release, in that order. */
public enum Phase {
    /** While the old version serves users: only what it does not notice. */
    EXPAND,
    /** In batches, while the old version serves users. */
    BACKFILL,
    /** After the backfill, still before the new version serves users. */
    FINISH,
    /** When the old version is gone. */
    CONTRACT;

    /** True as long as the old version serves users, or may again after a rollback. */
    public boolean isOldVersionAlive() {
        return this != CONTRACT;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
