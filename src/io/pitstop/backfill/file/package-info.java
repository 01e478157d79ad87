/** What a team writes to fill old rows: a header and the statements of a batch. */
package io.pitstop.backfill.file;
