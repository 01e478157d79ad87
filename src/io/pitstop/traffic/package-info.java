/** Who serves users: observing the split and moving it. */
package io.pitstop.traffic;
