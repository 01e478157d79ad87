package io.pitstop.check.usage;

/**
 * A field of a record that no FROM brings in, such as {@code NEW.title} in a trigger's function.
 *
 * @param name {@link Use#ALL} for all of them, {@link Use#ROW} for the record as a whole
 */
public record Field(String record, String name) {}
