/** Builds everything that a command needs from pitstop.yml, and nothing that it does not. */
package io.pitstop.cli.wiring;
