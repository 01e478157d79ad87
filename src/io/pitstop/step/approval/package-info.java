/** What people say yes or no to: a hash of what the step would do, which the step is held to. */
package io.pitstop.step.approval;
