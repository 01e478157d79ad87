/** What a release is, which facts hold, who is working on it, and the journal that remembers. */
package io.pitstop.release;
