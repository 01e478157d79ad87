package io.pitstop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The smallest pitstop.yml whose router is down, with the token for it. */
final class SmallConfig {
    private SmallConfig() {}

    /**
     * @param url of the database
     * @param more lines that come after it
     */
    static void write(Path folder, String url, String... more) throws IOException {
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "%s" }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                %s
                """
                        .formatted(url, String.join("\n", more)));
        Files.writeString(folder.resolve("token"), "none");
    }
}
