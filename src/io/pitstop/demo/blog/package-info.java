/** The application of the demo: a small blog in two versions, each knowing only its own half of the schema. */
package io.pitstop.demo.blog;
