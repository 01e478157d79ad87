package io.pitstop.http;

import io.pitstop.config.Quantity;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers with a limit for all of them: that of the JDK's client ends with the head, and the body may never come. */
public final class WholeAnswer {
    private WholeAnswer() {}

    /**
     * Sends a request and waits for its answer, body and all.
     *
     * @param within from now on
     * @throws HttpTimeoutException if it was not there by then
     * @throws IOException as {@link HttpClient#send}
     */
    public static <T> HttpResponse<T> to(
            HttpRequest request, HttpClient client, HttpResponse.BodyHandler<T> body, Duration within)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> exchange = client.sendAsync(request, body);
        try {
            return exchange.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late(within);
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            exchange.cancel(true);
        }
    }

    /** That the answer has not come in time. */
    public static HttpTimeoutException late(Duration within) {
        return new HttpTimeoutException("no whole answer within " + Quantity.text(within));
    }

    /** What {@link HttpClient#send} would have thrown, of an exchange that somebody waits for otherwise. */
    public static IOException failure(ExecutionException failed) {
        return failed.getCause() instanceof IOException known ? known : new IOException(failed.getCause());
    }
}
