/** A release as a page to look at. */
package io.pitstop.report;
