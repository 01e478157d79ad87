package io.pitstop.proxy;

import io.pitstop.http.WholeAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

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
        HttpRequest check = HttpRequest.newBuilder(url).build();
        try {
            int status = WholeAnswer.to(check, http, BodyHandlers.discarding(), limit)
                    .statusCode();
            if (status / 100 == 2) {
                health.good();
            } else {
                health.bad(url.getPath() + " answered " + status);
            }
        } catch (ConnectException e) {
            health.refused();
        } catch (HttpTimeoutException e) {
            health.bad(url.getPath() + " did not answer within " + limit.toMillis() + " ms");
        } catch (IOException e) {
            health.bad(url.getPath() + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "health-check");
        thread.setDaemon(true);
        return thread;
    }
}
