package io.pitstop.config;

/**
 * A setting that the two colours have apart, such as the name of a target group.
 *
 * @param blue of the colour blue
 * @param green of the colour green
 */
public record PerColour(String blue, String green) {
    /** Reads the keys {@code blue} and {@code green}, which must differ. */
    static PerColour from(Section section) {
        PerColour values = new PerColour(section.text("blue"), section.text("green"));
        if (values.blue().equals(values.green())) {
            throw section.invalidValue("green", "Name one of its own for each colour.");
        }
        section.end();
        return values;
    }

    /** What {@code {colour}} in a pattern makes of it. */
    static PerColour of(String pattern) {
        return new PerColour(pattern.replace("{colour}", "blue"), pattern.replace("{colour}", "green"));
    }
}
