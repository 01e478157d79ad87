/** Traffic behind HAProxy: the weights of two servers, by its runtime API. */
package io.pitstop.traffic.haproxy;
