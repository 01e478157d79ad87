/** What must be true when a release has ended, whatever befell it. Each check returns what is wrong, in words. */
package io.pitstop.prove.check;
