package io.pitstop.prove.place;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What became of one command of the agent.
 *
 * @param exitCode 128 and the signal's number if one ended it
 * @param result what it wrote to its result file; a missing node if it wrote none
 * @param lines all that it printed
 */
public record Outcome(int exitCode, JsonNode result, List<String> lines) {
    /** The last line of consequence, for people. */
    public String lastLine() {
        return lines.stream()
                .filter(line -> !line.isBlank())
                .reduce((a, b) -> b)
                .orElse("(nothing printed)");
    }
}
