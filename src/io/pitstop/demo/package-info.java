/** A whole release of a sample application under load, on one machine. */
package io.pitstop.demo;
