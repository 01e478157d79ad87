/** The library as a controller sees it: compiled, suspended, restarted and run against a real shell. */
package io.pitstop.jenkins;
