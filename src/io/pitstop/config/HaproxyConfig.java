package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;

/**
 * An HAProxy whose backend has the servers of both colours, moved by its runtime API.
 *
 * @param socket where the runtime API listens: the path of a Unix socket, or {@code host:port}
 * @param backend name of the backend
 * @param servers names of the colours' servers in that backend
 * @param stateFile where the weights are kept over a reload, as {@code server-state-file} names it; empty if HAProxy keeps
 *     none
 * @param within how long an answer may take
 */
public record HaproxyConfig(
        String socket, String backend, PerColour servers, Optional<String> stateFile, Duration within)
        implements RouterConfig {
    @Override
    public Kind kind() {
        return Kind.HAPROXY;
    }

    static HaproxyConfig from(Section section, String application) {
        HaproxyConfig config = new HaproxyConfig(
                section.text("socket"),
                section.text("backend", application),
                section.findSection("servers").map(PerColour::from).orElseGet(() -> PerColour.of("{colour}")),
                section.find("stateFile", Optional::of, "a path"),
                section.positive("within", Duration.ofSeconds(5)));
        section.end();
        return config;
    }
}
