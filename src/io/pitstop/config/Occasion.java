package io.pitstop.config;

import java.util.Locale;

/** What people can be told of. */
public enum Occasion {
    /** A step waits for somebody to approve it. */
    APPROVAL_NEEDED,
    /** All users have the new version. */
    SWITCHED,
    /** All users are back on the old version, by a rollback or because a gate failed. */
    ROLLED_BACK,
    /** Contract may run, since the switch has lasted for long enough. */
    CONTRACT_DUE,
    /** It is not certain who serves users. */
    OUTCOME_UNKNOWN;

    /** As pitstop.yml has it, such as {@code rolled-back}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
