/** The release as a picture: lanes below each other on one axis of time, as SVG. */
package io.pitstop.report.picture;
