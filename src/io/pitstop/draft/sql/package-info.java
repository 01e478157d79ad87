/** The parts that drafts of different changes are made of. */
package io.pitstop.draft.sql;
