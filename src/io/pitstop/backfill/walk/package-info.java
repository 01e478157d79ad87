/** In which order the rows of a table are visited, and where a batch begins and ends. */
package io.pitstop.backfill.walk;
