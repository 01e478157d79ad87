package io.pitstop.check.finding;

import java.util.Locale;

/** Who found it. */
public enum Judge {
    /** From the text of the scripts alone. */
    RULES;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
