/** Tells people what happens to a release, where they talk to each other. */
package io.pitstop.notify;
