package io.pitstop.smoke;

import io.pitstop.config.SmokeConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** All smoke checks of pitstop.yml, run one after the other. */
public final class SmokeSuite {
    private final List<SmokeCheck> checks;
    private final Consumer<String> lines;

    private SmokeSuite(List<SmokeCheck> checks, Consumer<String> lines) {
        this.checks = checks;
        this.lines = lines;
    }

    /**
     * Builds the checks; runs nothing.
     *
     * @param folder where commands run: the folder of pitstop.yml
     * @param environment environment variables for commands; the database's user and password are taken out
     * @param lines gets what happens, line by line, also from other threads than the caller's
     */
    public static SmokeSuite from(
            List<SmokeConfig> configs, Path folder, Map<String, String> environment, Consumer<String> lines) {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        List<SmokeCheck> checks = new ArrayList<>();
        for (SmokeConfig config : configs) {
            if (config instanceof SmokeConfig.Http http) {
                checks.add(new HttpCheck(http, client));
            } else if (config instanceof SmokeConfig.Command command) {
                checks.add(new CommandCheck(command, folder, environment, lines));
            } else if (config instanceof SmokeConfig.Load load) {
                checks.add(new LoadCheck(load, client, lines));
            } else {
                throw new IllegalStateException("no check for " + config);
            }
        }
        return new SmokeSuite(checks, lines);
    }

    /** Runs every check, also after one failed: whoever has to repair the version wants to know all of it. */
    public SmokeReport run(URI idle, URI live) {
        List<CheckResult> results = new ArrayList<>();
        for (SmokeCheck check : checks) {
            String label = "smoke " + (results.size() + 1) + "/" + checks.size() + " " + check.name();
            lines.accept(label);
            CheckResult result = check.run(idle, live);
            results.add(result);
            lines.accept(label
                    + (result.passed() ? " passed in " : " FAILED after ")
                    + String.format(Locale.ROOT, "%.1f s: ", result.took().toMillis() / 1_000.0)
                    + result.detail().lines().findFirst().orElse(""));
        }
        return new SmokeReport(results);
    }
}
