/** What we measure: how many requests, how many failed, and how long they took. */
package io.pitstop.metrics;
