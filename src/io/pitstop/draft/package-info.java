/** From one change of a schema to the SQL of a whole release: files that the team reads, edits and keeps. */
package io.pitstop.draft;
