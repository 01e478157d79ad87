package io.pitstop.proxy;

import java.net.URI;

/**
 * What another system, such as a load balancer whose traffic the proxy carries, wants of it.
 *
 * @param bluePercent 0 to 100 of the new requests; green gets the rest
 * @param blue address and path of the health check of blue's target
 * @param green the same of green's
 */
public record Picture(int bluePercent, URI blue, URI green) {}
