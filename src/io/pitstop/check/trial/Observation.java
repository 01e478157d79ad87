package io.pitstop.check.trial;

import java.util.List;
import java.util.Map;

/**
 * What one statement did to tables that were in use before it.
 *
 * @param rewritten tables and materialized views that were written anew
 * @param indexed tables that got an index built, or built again
 * @param scanned tables that were read as a whole
 * @param held the strongest lock that its transaction holds on each table in use, as far as the application feels it
 * @param taken those of {@code held} that it did not hold before this statement
 * @param removed tables, columns and views that are not there any more under their names
 */
record Observation(
        List<String> rewritten,
        List<String> indexed,
        List<String> scanned,
        Map<String, LockMode> held,
        Map<String, LockMode> taken,
        List<String> removed) {}
