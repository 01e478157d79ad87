package io.pitstop.telemetry;

import io.pitstop.http.WholeAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Prometheus' Pushgateway: two groups, one of the application and one of the step. A push takes the place of all that its
 * group had, so that a figure that is gone is gone there too (github.com/prometheus/pushgateway).
 */
final class Pushgateway implements Sink {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Telemetry.PATIENCE).build();
    private final String url;
    private final Optional<String> token;
    private final String application;
    private final String step;

    Pushgateway(URI url, Optional<String> token, String application, String step) {
        this.url = url.toString().replaceAll("/+$", "");
        this.token = token;
        this.application = application;
        this.step = step;
    }

    @Override
    public void take(String state, String own) throws IOException {
        String group = "/metrics/job/pitstop/application/" + encoded(application);
        // Without state a command must not take away what the one before knew.
        if (!state.isBlank()) {
            put(group, state);
        }
        put(group + "/step/" + encoded(step), own);
    }

    @Override
    public String toString() {
        return "the Pushgateway at " + url;
    }

    private void put(String path, String text) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .PUT(HttpRequest.BodyPublishers.ofString(text));
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        try {
            HttpResponse<String> answer =
                    WholeAnswer.to(request.build(), http, HttpResponse.BodyHandlers.ofString(), Telemetry.PATIENCE);
            if (answer.statusCode() / 100 != 2) {
                throw new IOException("it answers " + answer.statusCode() + " "
                        + answer.body().lines().findFirst().orElse(""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
