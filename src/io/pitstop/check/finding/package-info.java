/** What the judges of a migration found. */
package io.pitstop.check.finding;
