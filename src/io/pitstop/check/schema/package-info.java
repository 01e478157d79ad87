/** What the scripts before a statement have made of the schema, as far as their text shows. */
package io.pitstop.check.schema;
