package io.pitstop.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code traffic} section of pitstop.yml.
 *
 * @param router which kind of router splits the traffic
 * @param local the built-in proxy; there is no other router yet
 */
public record TrafficConfig(Router router, Local local, ShiftConfig shift) {
    /** The kinds of routers, as their keys in pitstop.yml. */
    public enum Router {
        LOCAL
    }

    /**
     * How to reach the built-in proxy.
     *
     * @param admin base address of its admin endpoint; loopback
     * @param tokenFile file that holds the token of the admin endpoint, absolute
     */
    public record Local(URI admin, Path tokenFile) {}

    static TrafficConfig from(Section section, Path folder) {
        Section local = section.section("local");
        URI admin = local.find("admin", TrafficConfig::loopback, "http://127.0.0.1:PORT")
                .orElseThrow(() -> local.missing("admin"));
        TrafficConfig config = new TrafficConfig(
                Router.LOCAL,
                new Local(admin, folder.resolve(local.text("tokenFile"))),
                section.findSection("shift").map(ShiftConfig::from).orElse(ShiftConfig.byDefault()));
        local.end();
        section.end();
        return config;
    }

    private static Optional<URI> loopback(String text) {
        return text.matches("http://(127\\.0\\.0\\.1|localhost):\\d{1,5}/?")
                ? Optional.of(URI.create(text))
                : Optional.empty();
    }
}
