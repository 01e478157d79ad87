/** Where a run takes place: a stage, the wires around it, and the nodes on which agents run. */
package io.pitstop.prove.place;
