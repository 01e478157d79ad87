/** What can go wrong around a release, one class per kind: how it strikes, how it ends, and what it may cost. */
package io.pitstop.prove.fault;
