/** What the event log says of a release, as things that can be drawn and counted. */
package io.pitstop.report.story;
