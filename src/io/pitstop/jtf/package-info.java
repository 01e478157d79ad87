/** The Terraform command line as Java calls. Knows nothing of Pitstop. */
package io.pitstop.jtf;
