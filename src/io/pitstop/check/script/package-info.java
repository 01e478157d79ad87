/** The scripts of a repository: which there are, in which order they run, and what is written in them. */
package io.pitstop.check.script;
