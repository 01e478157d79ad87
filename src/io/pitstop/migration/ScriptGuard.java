package io.pitstop.migration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Looks at each script from within its transaction, and may refuse it: whatever it throws leaves nothing of the script.
 *
 * <p>A script that waits for locks is tried several times, and all three are called at each try.
 */
public interface ScriptGuard {
    /** Lets every script pass. */
    ScriptGuard NONE = new ScriptGuard() {};

    /** Called before the transaction asks for any lock. */
    default void ready(Path script) {}

    /**
     * Called in the transaction, before the script.
     *
     * @param transaction of a script that cannot run in one: a session with autocommit
     * @return false if this is not the moment; the try is undone and another one made
     */
    default boolean before(Path script, Connection transaction) throws SQLException {
        return true;
    }

    /** Called in the transaction, after the script and before the commit; not for a script that cannot run in one. */
    default void after(Path script, Connection transaction) throws SQLException {}
}
