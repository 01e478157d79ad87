package io.pitstop.notify;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** One message to one receiver, tried once more if that is busy or ill. Whoever waits for it ends it by an interrupt. */
final class Delivery implements Callable<String> {
    /** The result if the message was taken. */
    static final String TAKEN = "";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Slack says why in one word, such as {@code no_service}; a page, or what it quotes, is not for our log. */
    private static final int LONGEST_REASON = 40;

    private final HttpClient http;
    private final HttpRequest request;
    private final long deadline;

    /** @param deadline by {@link System#nanoTime()}: nothing is tried again that cannot begin before */
    Delivery(HttpClient http, HttpRequest request, long deadline) {
        this.http = http;
        this.request = request;
        this.deadline = deadline;
    }

    /** Returns why it was not taken, without secrets, or {@link #TAKEN}: the messages of exceptions may have the address. */
    @Override
    public String call() throws InterruptedException {
        try {
            Answer first = send();
            if (first.isWorthAnotherTry() && System.nanoTime() + first.pause().toNanos() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(first.pause().toMillis());
                return send().objection();
            }
            return first.objection();
        } catch (HttpConnectTimeoutException e) {
            return "it cannot be reached";
        } catch (ConnectException e) {
            return "it refuses connections, or its name is unknown";
        } catch (SSLException e) {
            return "there is no trusted TLS connection to it (" + e.getClass().getSimpleName() + ")";
        } catch (IOException e) {
            return "the connection broke (" + e.getClass().getSimpleName() + ")";
        }
    }

    private Answer send() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        long wait = answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(Long::parseLong)
                .orElse(0L);
        try (InputStream body = answer.body()) {
            boolean taken = answer.statusCode() / 100 == 2;
            return new Answer(answer.statusCode(), taken ? "" : reason(body), Duration.ofSeconds(wait));
        }
    }

    private static String reason(InputStream body) throws IOException {
        String text = new String(body.readNBytes(LONGEST_REASON + 1), StandardCharsets.UTF_8).strip();
        return text.matches("[a-z_]{1," + LONGEST_REASON + "}") ? " " + text : "";
    }

    private record Answer(int status, String reason, Duration wanted) {
        boolean isWorthAnotherTry() {
            return status == TOO_MANY_REQUESTS || status >= 500;
        }

        Duration pause() {
            return wanted.compareTo(PAUSE) > 0 ? wanted : PAUSE;
        }

        String objection() {
            return status / 100 == 2 ? TAKEN : "it answers " + status + reason;
        }
    }
}
