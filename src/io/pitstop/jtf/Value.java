package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** A value in a plan, as far as it may be told: of one that is sensitive, nothing is kept. */
public final class Value {
    /** Where there is no value. */
    public static final Value NONE = new Value(null, "(none)");

    static final Value SENSITIVE = new Value(null, "(sensitive)");
    static final Value UNKNOWN = new Value(null, "(known after apply)");

    private final String text;
    private final String shown;

    private Value(String text, String shown) {
        this.text = text;
        this.shown = shown;
    }

    static Value of(JsonNode json) {
        if (json.isNull() || json.isMissingNode()) {
            return NONE;
        }
        return of(json.isTextual() ? json.asText() : json.toString());
    }

    /** A value that everybody may know. */
    public static Value of(String text) {
        return new Value(text, text);
    }

    /** The value; empty if there is none, or if it is sensitive or known after apply only. */
    public Optional<String> text() {
        return Optional.ofNullable(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value value && shown.equals(value.shown) && text().equals(value.text());
    }

    @Override
    public int hashCode() {
        return shown.hashCode();
    }

    /** The value, or in brackets why it is not told. */
    @Override
    public String toString() {
        return shown;
    }
}
