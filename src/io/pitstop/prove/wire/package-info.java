/** The lines between the agent and everything outside of it: each action passes here, is counted, and can be met by a fault. */
package io.pitstop.prove.wire;
