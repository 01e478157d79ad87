package io.pitstop.check.finding;

import java.nio.file.Path;

/**
 * Something in a script that can hurt.
 *
 * @param rule its id, under which it is documented and can be allowed
 * @param line in the file, from 1
 * @param statement as written, in one line, shortened; empty if the finding is about the script as a whole
 * @param why what happens to the running application, one sentence or two
 * @param instead what to write instead, as SQL with comments
 */
public record Finding(
        Judge judge,
        String rule,
        Severity severity,
        Path file,
        int line,
        String statement,
        String why,
        String instead) {
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The same, with one more sentence to its reason. */
    public Finding with(String evidence) {
        return new Finding(judge, rule, severity, file, line, statement, why + " " + evidence, instead);
    }

    /** {@code db/migration/V2__x.sql:3: error drop-column: why}. */
    @Override
    public String toString() {
        return file + ":" + line + ": " + severity + " " + rule + ": " + why;
    }
}
