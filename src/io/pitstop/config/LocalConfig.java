package io.pitstop.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach the built-in proxy.
 *
 * @param admin base address of its admin endpoint; loopback
 * @param tokenFile file that holds the token of the admin endpoint, absolute
 */
public record LocalConfig(URI admin, Path tokenFile) implements RouterConfig {
    @Override
    public Kind kind() {
        return Kind.LOCAL;
    }

    static LocalConfig from(Section section, Path folder) {
        URI admin = section.find("admin", LocalConfig::loopback, "http://127.0.0.1:PORT")
                .orElseThrow(() -> section.missing("admin"));
        LocalConfig config = new LocalConfig(admin, folder.resolve(section.text("tokenFile")));
        section.end();
        return config;
    }

    private static Optional<URI> loopback(String text) {
        return text.matches("http://(127\\.0\\.0\\.1|localhost):\\d{1,5}/?")
                ? Optional.of(URI.create(text))
                : Optional.empty();
    }
}
