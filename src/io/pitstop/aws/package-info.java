/** The way to AWS: whose credentials, which region, how long an answer may take, and what a failure means. */
package io.pitstop.aws;
