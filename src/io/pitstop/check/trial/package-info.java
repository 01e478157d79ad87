/** A trial run: what each statement of a migration does, seen on a PostgreSQL where it hurts nobody. */
package io.pitstop.check.trial;
