package io.pitstop.smoke;

import io.pitstop.config.Quantity;
import io.pitstop.config.SmokeConfig;
import io.pitstop.error.Interrupted;
import io.pitstop.http.WholeAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A request that must be answered with a status, and maybe with a text in the body, in time. */
final class HttpCheck implements SmokeCheck {
    private final SmokeConfig.Http config;
    private final HttpClient client;

    HttpCheck(SmokeConfig.Http config, HttpClient client) {
        this.config = config;
        this.client = client;
    }

    @Override
    public String name() {
        return "GET " + config.path();
    }

    @Override
    public CheckResult run(URI idle, URI live) {
        long begun = System.nanoTime();
        HttpRequest request =
                HttpRequest.newBuilder(address(idle, config.path())).build();
        try {
            return judge(WholeAnswer.to(request, client, response -> new HeadOfBody(), config.within()), since(begun));
        } catch (HttpTimeoutException e) {
            return new CheckResult(name(), false, "no whole answer" + expected(), since(begun));
        } catch (IOException e) {
            return new CheckResult(name(), false, OpenLoop.reason(e) + expected(), since(begun));
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for the answer to " + name());
        }
    }

    /** Joined as text, so that a colour that lives below a path of its own keeps it. */
    static URI address(URI base, String path) {
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }

    private CheckResult judge(HttpResponse<String> response, Duration took) {
        boolean expectedStatus = response.statusCode() == config.expect();
        boolean expectedText = config.contains().map(response.body()::contains).orElse(true);
        StringBuilder detail = new StringBuilder("status " + response.statusCode());
        response.headers().firstValue("Location").ifPresent(to -> detail.append(" to ")
                .append(to));
        detail.append(" in ").append(took.toMillis()).append(" ms").append(expected());
        if (!expectedText) {
            detail.append("; the text is not in the body's first ")
                    .append(HeadOfBody.MOST_BYTES / 1_024)
                    .append(" KiB");
        }
        return new CheckResult(name(), expectedStatus && expectedText, detail.toString(), took);
    }

    private String expected() {
        return " (expected " + config.expect()
                + config.contains().map(text -> " with '" + text + "'").orElse("") + " within "
                + Quantity.text(config.within()) + ")";
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Reads as much of a body as a text may reasonably be looked for in, so that memory does not depend on it. */
    private static final class HeadOfBody implements HttpResponse.BodySubscriber<String> {
        static final int MOST_BYTES = 1_024 * 1_024;

        private final CompletableFuture<String> head = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<String> getBody() {
            return head;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[Math.min(buffer.remaining(), MOST_BYTES - bytes.size())];
                buffer.get(part);
                bytes.writeBytes(part);
            }
            if (bytes.size() == MOST_BYTES) {
                subscription.cancel();
                onComplete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            head.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            head.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
