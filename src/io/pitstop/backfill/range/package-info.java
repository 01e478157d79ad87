/** Who works on which part of a table, how far it is, and which rows could not be filled: rows in the database. */
package io.pitstop.backfill.range;
