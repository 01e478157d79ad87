/** What a statement uses of tables and columns, by PostgreSQL's grammar and its rules for names. */
package io.pitstop.check.usage;
