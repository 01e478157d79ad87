package io.pitstop.check.usage;

import java.util.Set;

/** The columns of tables and views, which decide what a name without its table means. */
@FunctionalInterface
public interface Relations {
    /**
     * @param schema empty if the statement leaves it to the search path: then those of all relations of that name
     * @return none if there is no such relation
     */
    Set<String> columns(String schema, String relation);
}
