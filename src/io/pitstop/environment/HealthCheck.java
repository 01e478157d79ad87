package io.pitstop.environment;

import io.pitstop.error.Interrupted;
import io.pitstop.http.WholeAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** Asks a colour over HTTP whether it can serve. */
final class HealthCheck {
    /** What the complaint is when the machine answers that nobody listens. */
    static final String NOBODY = "no connection";

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();
    private final URI address;

    HealthCheck(URI address) {
        this.address = address;
    }

    /** Asks until the answer is 200; empty if it is within {@code patience}, else what the last answer was. */
    Optional<String> complaint(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                Optional<String> complaint = ask();
                if (complaint.isEmpty() || System.nanoTime() > end) {
                    return complaint;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for " + address);
        }
    }

    /** Asks until the answer is another one than 200; false if it still is after {@code patience}. */
    boolean ends(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (ask().isEmpty()) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(PAUSE.toMillis());
            }
            return true;
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for " + address + " to end");
        }
    }

    private Optional<String> ask() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        try {
            int status = WholeAnswer.to(request, client, BodyHandlers.discarding(), ANSWER)
                    .statusCode();
            return status == 200 ? Optional.empty() : Optional.of("status " + status);
        } catch (HttpConnectTimeoutException e) {
            return Optional.of("no connection within " + ANSWER.toSeconds() + " s");
        } catch (HttpTimeoutException e) {
            return Optional.of("no whole answer within " + ANSWER.toSeconds() + " s");
        } catch (ConnectException e) {
            return Optional.of(NOBODY);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
