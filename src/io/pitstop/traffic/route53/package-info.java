/** Traffic by DNS: the weights of two records in Route 53. */
package io.pitstop.traffic.route53;
