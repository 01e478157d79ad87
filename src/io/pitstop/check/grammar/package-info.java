/** PostgreSQL's own parser, its C compiled to WebAssembly, run inside the JVM. */
package io.pitstop.check.grammar;
