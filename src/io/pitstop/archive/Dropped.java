package io.pitstop.archive;

import java.nio.file.Path;
import java.util.List;

/** Tells from a script what it drops. */
public interface Dropped {
    /**
     * What the statements of {@code script} drop, in their order, but for what only the catalog knows to depend on it.
     *
     * @throws io.pitstop.error.MoveRefused naming file and line of a statement that could drop something unseen
     * @throws io.pitstop.error.InvalidConfig if the script cannot be read
     */
    List<Drop> by(Path script);
}
