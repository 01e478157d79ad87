/** What a draft has to know of a table, read from a database or given by a person. */
package io.pitstop.draft.table;
