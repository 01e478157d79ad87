/** What is asked before something is taken away: does anybody still need it, and are old and new values the same? */
package io.pitstop.step.inquiry;
