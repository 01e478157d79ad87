/** Sends the figures of a running command to where a team looks at figures. */
package io.pitstop.telemetry;
