/** The built-in load balancer of the local default. */
package io.pitstop.proxy;
