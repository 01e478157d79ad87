/** Keeps what contract drops, and brings it back. */
package io.pitstop.archive;
