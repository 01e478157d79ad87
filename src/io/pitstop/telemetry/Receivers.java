package io.pitstop.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.ipc.http.HttpSender;
import io.micrometer.datadog.DatadogConfig;
import io.micrometer.datadog.DatadogMeterRegistry;
import io.micrometer.newrelic.NewRelicConfig;
import io.micrometer.newrelic.NewRelicInsightsApiClientProvider;
import io.micrometer.newrelic.NewRelicMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.pitstop.config.MetricsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Those who speak a protocol of their own, by Micrometer's registries for them: these send by themselves. */
final class Receivers {
    private final Duration every;
    private final Keys keys;
    private final Consumer<String> warnings;

    private Receivers(Duration every, Keys keys, Consumer<String> warnings) {
        this.every = every;
        this.keys = keys;
        this.warnings = warnings;
    }

    static List<MeterRegistry> of(MetricsConfig config, Keys keys, Consumer<String> warnings) {
        Receivers receivers = new Receivers(config.every(), keys, warnings);
        List<MeterRegistry> all = new ArrayList<>();
        config.otlp().ifPresent(to -> all.add(receivers.otlp(to)));
        config.datadog().ifPresent(to -> all.add(receivers.datadog(to)));
        config.newRelic().ifPresent(to -> all.add(receivers.newRelic(to)));
        return all;
    }

    private MeterRegistry otlp(MetricsConfig.Receiver to) {
        Map<String, String> headers = keys.of(to)
                .map(token -> Map.of("Authorization", "Bearer " + token))
                .orElse(Map.of());
        OtlpConfig config = new OtlpConfig() {
            @Override
            public String get(String key) {
                return null;
            }

            @Override
            public String url() {
                return to.url().toString();
            }

            @Override
            public Duration step() {
                return every;
            }

            @Override
            public Map<String, String> headers() {
                return headers;
            }

            @Override
            public Map<String, String> resourceAttributes() {
                return Map.of("service.name", "pitstop");
            }
        };
        return OtlpMeterRegistry.builder(config)
                .clock(Clock.SYSTEM)
                .metricsSender(new OtlpHttpMetricsSender(sender("the OTLP receiver at " + to.url())))
                .build();
    }

    private MeterRegistry datadog(MetricsConfig.Receiver to) {
        DatadogConfig config = Map.of(
                        "datadog.step",
                        step(),
                        "datadog.apiKey",
                        keys.of(to).orElseThrow(),
                        "datadog.uri",
                        base(to.url()))::get;
        return DatadogMeterRegistry.builder(config)
                .httpClient(sender("Datadog at " + to.url()))
                .build();
    }

    private MeterRegistry newRelic(MetricsConfig.NewRelic to) {
        MetricsConfig.Receiver receiver = to.receiver();
        NewRelicConfig config = Map.of(
                "newrelic.step", step(),
                "newrelic.apiKey", keys.of(receiver).orElseThrow(),
                "newrelic.accountId", to.account(),
                "newrelic.uri", base(receiver.url()))::get;
        return NewRelicMeterRegistry.builder(config)
                .clientProvider(new NewRelicInsightsApiClientProvider(config, sender("New Relic at " + receiver.url())))
                .build();
    }

    /** As Micrometer reads it from a property. */
    private String step() {
        return every.toMillis() + "ms";
    }

    /** To which Micrometer adds its path. */
    private static String base(URI url) {
        return url.toString().replaceAll("/+$", "");
    }

    private HttpSender sender(String receiver) {
        return new Sender(receiver, warnings);
    }
}
