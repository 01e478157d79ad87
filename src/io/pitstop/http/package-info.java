/** What the JDK's HTTP client leaves to whoever uses it. */
package io.pitstop.http;
