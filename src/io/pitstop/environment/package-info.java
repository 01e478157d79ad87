/** The compute of one colour at one version. */
package io.pitstop.environment;
