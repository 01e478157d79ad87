package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;

/**
 * An HAProxy whose backend has the servers of both colours, moved by its runtime API.
 *
 * @param socket where the runtime API listens: the absolute path of a Unix socket, or {@code host:port}
 * @param backend name of the backend
 * @param servers names of the colours' servers in that backend
 * @param stateFile where the weights are kept over a reload, as {@code server-state-file} names it; empty if HAProxy keeps
 *     none, or somebody else does
 * @param within how long an answer may take
 */
public record HaproxyConfig(
        String socket, String backend, PerColour servers, Optional<String> stateFile, Duration within)
        implements RouterConfig {
    /** What HAProxy takes for a name; more than that could be read as a second command. */
    private static final String NAME = "[A-Za-z0-9_.:-]+";

    private static final String HOST_AND_PORT = "(\\[[0-9A-Fa-f:.]+]|[^:/\\s\\[\\]]+):\\d{1,5}";

    @Override
    public Kind kind() {
        return Kind.HAPROXY;
    }

    static HaproxyConfig from(Section section, String application) {
        String socket = section.find(
                        "socket",
                        HaproxyConfig::address,
                        "a path that begins with /, or host:port with a port up to 65535")
                .orElseThrow(() -> section.missing("socket"));
        String backend = section.text("backend", application);
        refuseUnlessName(section, "backend", backend);
        PerColour servers =
                section.findSection("servers").map(PerColour::from).orElseGet(() -> PerColour.of("{colour}"));
        refuseUnlessName(section, "servers.blue", servers.blue());
        refuseUnlessName(section, "servers.green", servers.green());
        HaproxyConfig config = new HaproxyConfig(
                socket,
                backend,
                servers,
                section.find("stateFile", HaproxyConfig::absolute, "a path that begins with /"),
                section.positive("within", Duration.ofSeconds(5)));
        section.end();
        return config;
    }

    private static Optional<String> address(String text) {
        return absolute(text).or(() -> Optional.of(text).filter(HaproxyConfig::isHostAndPort));
    }

    private static Optional<String> absolute(String text) {
        return text.startsWith("/") ? Optional.of(text) : Optional.empty();
    }

    private static boolean isHostAndPort(String text) {
        if (!text.matches(HOST_AND_PORT)) {
            return false;
        }
        int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
        return port >= 1 && port <= 65535;
    }

    private static void refuseUnlessName(Section section, String key, String name) {
        if (!name.matches(NAME)) {
            throw section.invalid(
                    section.path(key) + " is '" + name + "', which HAProxy takes for no name.",
                    "Write letters, digits, and any of _ . : - as in haproxy.cfg.");
        }
    }
}
