/** The workers of a process, and the batches that they fill. */
package io.pitstop.backfill.crew;
