/** What the database itself shows of who still needs the old schema, and whether old and new values agree. */
package io.pitstop.evidence;
