/** How users are moved, split by split: what has been reached, what is watched meanwhile, and when to put them back. */
package io.pitstop.step.shift;
