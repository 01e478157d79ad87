package io.pitstop.check.finding;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
    /** It blocks or breaks the running application: refused. */
    ERROR,
    /** It may hurt, or costs more than it must: shown. */
    WARNING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
