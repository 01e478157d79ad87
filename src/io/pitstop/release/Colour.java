package io.pitstop.release;

import java.util.Locale;

/** One of the two physical environments of an application. Who is live is the router's knowledge, never stored here. */
public enum Colour {
    BLUE,
    GREEN;

    public Colour other() {
        return this == BLUE ? GREEN : BLUE;
    }

    /** Lower case, as users, Terraform and the router write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
