package io.pitstop.release;

import java.util.Locale;

/** What can hold for a release. Facts are not a cursor: independent ones may become true in any order. */
public enum Fact {
    EXPANDED("migrate-expand"),
    DEPLOYED("deploy-green"),
    BACKFILLED("backfill"),
    SMOKE_TESTED("smoke-test"),
    SWITCHED("switch-traffic"),
    ROLLED_BACK("rollback"),
    /** Contract may have dropped something: there is no rollback any more, only contract run again. */
    CONTRACT_BEGUN("contract"),
    CONTRACTED("contract"),
    /** What contract dropped is back, as far as it could be. */
    RESTORED("restore");

    private final String step;

    Fact(String step) {
        this.step = step;
    }

    /** The command that brings this fact about, such as {@code deploy-green}. */
    public String step() {
        return step;
    }

    /** The fact as people read it, such as {@code smoke tested}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
