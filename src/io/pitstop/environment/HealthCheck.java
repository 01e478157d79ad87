package io.pitstop.environment;

import io.pitstop.error.Interrupted;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /** The client's own limit ends with the head of an answer, whose body may never come. */
    private Optional<String> ask() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(ANSWER).build();
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, BodyHandlers.discarding());
        try {
            int status = answer.get(ANSWER.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            return status == 200 ? Optional.empty() : Optional.of("status " + status);
        } catch (TimeoutException e) {
            return Optional.of("no whole answer within " + ANSWER.toSeconds() + " s");
        } catch (ExecutionException e) {
            return Optional.of(words(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private static String words(Throwable failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return "no connection within " + ANSWER.toSeconds() + " s";
        }
        return failure instanceof ConnectException ? NOBODY : String.valueOf(failure.getMessage());
    }
}
