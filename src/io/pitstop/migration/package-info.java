/** Expand, finish and contract: Flyway, run so that nobody waits. */
package io.pitstop.migration;
