/** Checks against the idle colour before users see it. */
package io.pitstop.smoke;
