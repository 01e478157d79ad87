/** Traffic behind an Application Load Balancer: the weights of two target groups. */
package io.pitstop.traffic.alb;
