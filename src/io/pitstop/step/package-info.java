/** One class per step: refuse or go on, act, record the fact. The only place where a release moves. */
package io.pitstop.step;
