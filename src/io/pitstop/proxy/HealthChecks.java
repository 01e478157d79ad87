package io.pitstop.proxy;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks both colours again and again how they are. */
final class HealthChecks implements AutoCloseable {
    private final Duration interval;
    private final Duration limit;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, HealthChecks::daemon);
    private final HttpClient http;

    HealthChecks(Duration interval, Duration limit) {
        this.interval = interval;
        this.limit = limit;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .build();
    }

    void watch(Upstream upstream) {
        threads.scheduleWithFixedDelay(() -> look(upstream), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void look(Upstream upstream) {
        Upstream.Target target = upstream.target();
        URI url = target.healthCheck();
        Health health = target.health();
        HttpRequest check = HttpRequest.newBuilder(url).timeout(limit).build();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(check, BodyHandlers.discarding());
        try {
            // The client's own limit ends with the head of an answer, whose body may never come.
            int status = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            if (status / 100 == 2) {
                health.good();
            } else {
                health.bad(url.getPath() + " answered " + status);
            }
        } catch (TimeoutException e) {
            health.bad(late(url));
        } catch (ExecutionException e) {
            failed(url, health, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            answer.cancel(true);
        }
    }

    private void failed(URI url, Health health, Throwable why) {
        if (why instanceof HttpTimeoutException) {
            health.bad(late(url));
        } else if (why instanceof ConnectException) {
            health.refused();
        } else {
            health.bad(url.getPath() + " failed: " + why.getMessage());
        }
    }

    private String late(URI url) {
        return url.getPath() + " did not answer within " + limit.toMillis() + " ms";
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "health-check");
        thread.setDaemon(true);
        return thread;
    }
}
