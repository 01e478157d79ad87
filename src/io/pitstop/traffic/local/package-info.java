/** Traffic behind the built-in proxy, by its admin endpoint. */
package io.pitstop.traffic.local;
