/** How fast a backfill may be: what the database and the operator say, and the pace that follows from it. */
package io.pitstop.backfill.brake;
