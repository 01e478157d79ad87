package io.pitstop.prove.fault;

import java.util.Locale;

/** Whom or what a fault befalls. */
public enum Family {
    AGENT,
    DATABASE,
    TERRAFORM,
    ROUTER,
    PEOPLE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
