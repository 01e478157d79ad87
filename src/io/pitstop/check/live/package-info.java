/** The statements that the application runs, held against the schema that a migration makes. */
package io.pitstop.check.live;
