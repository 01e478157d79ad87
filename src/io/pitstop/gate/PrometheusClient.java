package io.pitstop.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pitstop.config.PrometheusConfig;
import io.pitstop.config.Quantity;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.http.HeaderValue;
import io.pitstop.http.WholeAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Instant queries by the HTTP API of Prometheus, version 1. */
final class PrometheusClient {
    /** What a server, or a proxy before it, answers while it is busy or starts. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private static final int MOST_WORDS = 300;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client;
    private final URI address;
    private final String token;
    private final Duration within;

    private PrometheusClient(HttpClient client, URI address, String token, Duration within) {
        this.client = client;
        this.address = address;
        this.token = token;
        this.within = within;
    }

    /** @throws InvalidConfig if the token's variable is not set, or holds no token */
    static PrometheusClient of(PrometheusConfig config, Map<String, String> environment, HttpClient client) {
        URI address = URI.create(config.url().toString().replaceAll("/+$", "") + "/api/v1/query");
        String token = config.tokenVariable()
                .map(name -> environment.getOrDefault(name, "").strip())
                .orElse("");
        if (config.tokenVariable().isPresent() && token.isEmpty()) {
            String name = config.tokenVariable().get();
            throw new InvalidConfig(
                    "The environment variable " + name + " of the prometheus gate is not set.",
                    "Set " + name + ", or take tokenVariable out.");
        }
        if (!token.isEmpty() && !HeaderValue.isWord(token)) {
            throw new InvalidConfig(
                    "The environment variable " + config.tokenVariable().orElseThrow()
                            + " of the prometheus gate has characters that no header takes, such as the end of a line.",
                    "Set it to the token alone.");
        }
        return new PrometheusClient(client, address, token, config.within());
    }

    /**
     * One answer.
     *
     * @param values of each series; not a number for one whose value is none
     * @param warnings what may be wrong with it, in Prometheus' words
     */
    record Reading(List<Double> values, List<String> warnings) {}

    /** Asks for the value of {@code query} now, by the server's clock. */
    Reading ask(String query) throws NoAnswer {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response = send(request.build());
        JsonNode body = read(response.body());
        if (response.statusCode() != 200 || !body.path("status").asText().equals("success")) {
            throw refused(response.statusCode(), body);
        }
        return new Reading(values(body.path("data")), texts(body.path("warnings")));
    }

    private HttpResponse<String> send(HttpRequest request) throws NoAnswer {
        try {
            return WholeAnswer.to(request, client, HttpResponse.BodyHandlers.ofString(), within);
        } catch (HttpTimeoutException e) {
            throw NoAnswer.passing("no answer in " + Quantity.text(within), e);
        } catch (ConnectException e) {
            throw NoAnswer.passing("no connection", e);
        } catch (IOException e) {
            throw NoAnswer.passing(words("no answer: " + e), e);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("a gate waited for Prometheus");
        }
    }

    private JsonNode read(String body) {
        try {
            JsonNode read = json.readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (JsonProcessingException e) {
            // The page of a proxy, say; its status tells what there is to tell.
            return MissingNode.getInstance();
        }
    }

    private NoAnswer refused(int status, JsonNode body) {
        String said = body.path("error").asText();
        String why = "status " + status + (said.isEmpty() ? ", no result" : ": " + words(said));
        boolean asksWrongly = status >= 400 && status < 500 && !PASSING.contains(status);
        return asksWrongly ? NoAnswer.lasting(why, null) : NoAnswer.passing(why, null);
    }

    private static List<Double> values(JsonNode result) throws NoAnswer {
        String type = result.path("resultType").asText();
        List<Double> values = new ArrayList<>();
        switch (type) {
            case "vector" -> result.path("result").forEach(series -> values.add(number(series.path("value"))));
            case "scalar" -> values.add(number(result.path("result")));
            default -> throw NoAnswer.lasting(
                    "the query gives a " + (type.isEmpty() ? "nothing" : type) + ", not a value", null);
        }
        return values;
    }

    /** Of a pair of time and value; what is none, such as a histogram, is not a number. */
    private static double number(JsonNode pair) {
        String text = pair.path(1).asText();
        try {
            return switch (text) {
                case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(words(text.asText())));
        return texts;
    }

    /** In one line of bounded length; whoever answers may quote what we sent. */
    private String words(String said) {
        String line = said.strip().replaceAll("\\s*\\R\\s*", " ");
        String hidden = token.isEmpty() ? line : line.replace(token, "…");
        return hidden.length() > MOST_WORDS ? hidden.substring(0, MOST_WORDS) + "…" : hidden;
    }
}
