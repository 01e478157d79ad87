package io.pitstop.check.finding;

import java.util.Locale;

/** Who found it. */
public enum Judge {
    /** From the text of the scripts alone. */
    RULES,
    /** By running the scripts where it hurts nobody. */
    TRIAL,
    /** By the statements that the application runs. */
    LIVE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
