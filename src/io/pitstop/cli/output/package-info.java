/** How a command speaks: results, log lines, a live bar, and what it says when it fails. */
package io.pitstop.cli.output;
