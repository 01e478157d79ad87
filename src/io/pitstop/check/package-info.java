/** Is this migration safe? Judged from its text, before it touches anything. */
package io.pitstop.check;
