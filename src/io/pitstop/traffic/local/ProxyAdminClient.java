package io.pitstop.traffic.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.http.WholeAnswer;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The admin endpoint of the built-in proxy over HTTP: reads are tried again, orders only if whatever stands before the proxy
 * turned them away for being too many.
 */
final class ProxyAdminClient {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int MOST_READS = 3;
    private static final int MOST_ORDERS = 3;
    private static final int THROTTLED = 429;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI admin;
    private final Path tokenFile;
    private final Runnable again;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();

    ProxyAdminClient(URI admin, Path tokenFile) {
        this(admin, tokenFile, () -> {});
    }

    /** @param again is run for each read that is not the first of its kind */
    ProxyAdminClient(URI admin, Path tokenFile, Runnable again) {
        this.admin = admin;
        this.tokenFile = tokenFile;
        this.again = again;
    }

    /**
     * @param body missing if it is not JSON
     * @param pause for how long not to ask again
     */
    record Answer(int status, JsonNode body, Duration pause) {
        /** True if it was turned away unread, because there are too many of its kind. */
        boolean isThrottled() {
            return status == THROTTLED;
        }

        String reason() {
            return body.path("reason").asText();
        }

        String error() {
            return body.path("error").asText();
        }

        /** Empty if this is not a split between two colours; a conflict tells one too. */
        Optional<VersionedSplit> split() {
            int blue = percent("blue");
            return (status == 200 || status == 409) && blue >= 0 && percent("green") == 100 - blue
                    ? Optional.of(new VersionedSplit(
                            new Split(blue), body.path("version").asLong()))
                    : Optional.empty();
        }

        private int percent(String colour) {
            int percent = body.path(colour).isInt() ? body.path(colour).intValue() : -1;
            return percent >= 0 && percent <= 100 ? percent : -1;
        }

        @Override
        public String toString() {
            return "status " + status + (reason().isEmpty() ? "" : " (" + reason() + ")");
        }
    }

    /**
     * @throws InvalidConfig if there is no token, or not the right one
     * @throws DependencyFailed if there is no answer, or one that tells of a failure
     */
    Answer get(String path) {
        IOException last = null;
        String hint = "Start the proxy, or correct traffic.local.admin.";
        Duration pause = PAUSE;
        for (int read = 0; read < MOST_READS; read++) {
            if (read > 0) {
                pause(pause);
                again.run();
            }
            try {
                Answer answer = send(request(path).GET().build());
                if (answer.status() == 401) {
                    throw wrongToken();
                }
                if (answer.status() < 500 && !answer.isThrottled()) {
                    return answer;
                }
                pause = answer.pause();
                hint = answer.isThrottled() ? "Find out who asks it so often, then run the step again." : hint;
                last = new IOException(answer.toString());
            } catch (IOException e) {
                last = e;
            }
        }
        throw new DependencyFailed("The proxy at " + admin + " cannot be asked: " + describe(last) + ".", hint, last);
    }

    /**
     * Asks for {@code target}, to be refused if the split is not {@code expected} any more: once, and again only if the
     * order was turned away unread.
     *
     * <p>An interrupt does not cut the wait for an answer short, since it would not stop the order; it is left to the
     * caller.
     *
     * @throws java.net.ConnectException if the order cannot have arrived
     * @throws IOException if it may have, or still may
     */
    Answer order(Split target, VersionedSplit expected) throws IOException {
        ObjectNode order = json(target).set("expected", json(expected.split()).put("version", expected.version()));
        HttpRequest request =
                request("/split").PUT(BodyPublishers.ofString(order.toString())).build();
        Answer answer = answer(seeThrough(request));
        for (int given = 1; given < MOST_ORDERS && answer.isThrottled(); given++) {
            if (isInterruptedWithin(answer.pause())) {
                return answer;
            }
            answer = answer(seeThrough(request));
        }
        return answer;
    }

    InvalidConfig wrongToken() {
        return new InvalidConfig(
                "The proxy at " + admin + " does not accept the token in " + tokenFile + ".",
                "Let traffic.local.tokenFile name the file token in the state folder of this proxy.");
    }

    private Answer send(HttpRequest request) throws IOException {
        try {
            return answer(WholeAnswer.to(request, http, BodyHandlers.ofByteArray(), REQUEST_LIMIT));
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("talking to the proxy");
        }
    }

    private HttpResponse<byte[]> seeThrough(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(request, BodyHandlers.ofByteArray());
        long end = System.nanoTime() + REQUEST_LIMIT.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return response.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            response.cancel(true);
            throw WholeAnswer.late(REQUEST_LIMIT);
        } catch (ExecutionException e) {
            throw WholeAnswer.failure(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(admin.resolve(path))
                .timeout(REQUEST_LIMIT)
                .header("Authorization", "Bearer " + token());
    }

    /** Read anew each time: a proxy that starts with an empty state folder makes a new one. */
    private String token() {
        try {
            String token = Files.readString(tokenFile).strip();
            // The HTTP client would show what it cannot send.
            if (token.matches("[A-Za-z0-9_-]+")) {
                return token;
            }
        } catch (IOException e) {
            throw new InvalidConfig(
                    "The token of the proxy cannot be read from " + tokenFile + ".",
                    "Start the proxy, which makes it, or correct traffic.local.tokenFile.",
                    e);
        }
        throw new InvalidConfig(
                "The file " + tokenFile + " does not hold a token.",
                "Let traffic.local.tokenFile name the file token in the state folder of the proxy.");
    }

    private static Answer answer(HttpResponse<byte[]> response) throws IOException {
        return new Answer(response.statusCode(), parse(response.body()), pause(response));
    }

    /** What the answer asks for in seconds, within reason; a date is not read. */
    private static Duration pause(HttpResponse<?> response) {
        Duration asked = response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(PAUSE);
        return asked.compareTo(PAUSE) < 0 ? PAUSE : asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    private static JsonNode parse(byte[] body) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static ObjectNode json(Split split) {
        return JSON.createObjectNode().put("blue", split.of(Colour.BLUE)).put("green", split.of(Colour.GREEN));
    }

    private static String describe(IOException e) {
        return e.getMessage() == null ? "no connection" : e.getMessage();
    }

    /** A moment, after which something else may be read. */
    static void pause() {
        pause(PAUSE);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for the proxy");
        }
    }

    /** True at once if the thread is to stop; the interrupt is left to the caller. */
    private static boolean isInterruptedWithin(Duration time) {
        try {
            Thread.sleep(time.toMillis());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
