/** Findings in the formats of other programs. */
package io.pitstop.check.report;
