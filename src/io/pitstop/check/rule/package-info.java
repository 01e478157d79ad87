/** What hurts a running application, one rule each. */
package io.pitstop.check.rule;
