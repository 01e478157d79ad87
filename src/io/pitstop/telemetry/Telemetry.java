package io.pitstop.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pitstop.config.MetricsConfig;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The figures of one running command, sent every few seconds and at its end. Who does not take them is named once as a
 * warning, and holds nothing up but the end of the command, by a few seconds at most.
 */
public final class Telemetry implements AutoCloseable {
    /** That Prometheus, or whoever else, is slow must not make a step slow. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final PrometheusMeterRegistry state = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompositeMeterRegistry allOfState = new CompositeMeterRegistry();
    private final CompositeMeterRegistry all = new CompositeMeterRegistry();
    private final List<Sink> sinks = new ArrayList<>();
    private final Set<Sink> warned = new HashSet<>();
    private final Meters meters = new Readings(meter -> meter.kind() == Meter.Kind.STATE ? allOfState : all);
    private final List<Runnable> looks = new ArrayList<>();
    private final ScheduledExecutorService clock;
    private final Consumer<String> warnings;

    /**
     * Opens what {@code config} names.
     *
     * @param application a label of all figures
     * @param step the command that runs: a label of the figures that are its own
     * @param environment environment variables, for keys
     * @param warnings gets a line for people when figures cannot be sent, once for each receiver
     * @throws io.pitstop.error.InvalidConfig if a key's variable is not set
     */
    public Telemetry(
            MetricsConfig config,
            String application,
            String step,
            Map<String, String> environment,
            Consumer<String> warnings) {
        this.warnings = warnings;
        Keys keys = new Keys(environment);
        allOfState.add(state);
        all.add(own);
        config.pushgateway().ifPresent(to -> sinks.add(new Pushgateway(to.url(), keys.of(to), application, step)));
        config.textfile().ifPresent(folder -> sinks.add(new Textfile(folder, application, step)));
        for (MeterRegistry receiver : Receivers.of(config, keys, warnings)) {
            receiver.config().commonTags("application", application, "step", step);
            allOfState.add(receiver);
            all.add(receiver);
        }
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "metrics");
            thread.setDaemon(true);
            return thread;
        });
        long ms = config.every().toMillis();
        clock.scheduleWithFixedDelay(this::send, ms, ms, TimeUnit.MILLISECONDS);
    }

    public Meters meters() {
        return meters;
    }

    /** Lets {@code look} read figures each time before they are sent; what it throws is a warning. */
    public void beforeEachSending(Runnable look) {
        synchronized (looks) {
            looks.add(look);
        }
    }

    /** Ends what {@link #beforeEachSending} began. */
    public void noLonger(Runnable look) {
        synchronized (looks) {
            looks.remove(look);
        }
    }

    /** Sends all figures a last time. */
    @Override
    public void close() {
        clock.shutdown();
        try {
            // One may be under way, and must not come after the last.
            clock.awaitTermination(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        send();
        allOfState.close();
        all.close();
    }

    private synchronized void send() {
        List<Runnable> now;
        synchronized (looks) {
            now = List.copyOf(looks);
        }
        for (Runnable look : now) {
            try {
                look.run();
            } catch (RuntimeException e) {
                forget(look, e);
            }
        }
        sinks.forEach(this::fill);
    }

    private void forget(Runnable look, RuntimeException why) {
        synchronized (looks) {
            looks.remove(look);
        }
        warnings.accept("warning: figures are missing: " + why.getMessage());
    }

    private void fill(Sink sink) {
        try {
            sink.take(state.scrape(), own.scrape());
        } catch (IOException e) {
            if (warned.add(sink)) {
                warnings.accept("warning: " + sink + " does not take figures: " + e.getMessage() + ".");
            }
        }
    }
}
