/** Questions put to real systems while a split bakes. */
package io.pitstop.gate;
