/** An emulated AWS on one machine: its API by moto, its load balancer's traffic by the built-in proxy. */
package io.pitstop.demo.alb;
