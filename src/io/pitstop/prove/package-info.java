/** The same release many times, each time with one thing that goes wrong; and what must hold all the same. */
package io.pitstop.prove;
