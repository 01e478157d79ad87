/** Users who remember what the blog acknowledged, and who compare it with what they read and what is stored. */
package io.pitstop.demo.witness;
