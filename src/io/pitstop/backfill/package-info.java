/** Gives existing rows their new values in batches that nobody notices. */
package io.pitstop.backfill;
