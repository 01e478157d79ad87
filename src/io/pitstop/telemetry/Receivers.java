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
        String key = keys.of(to).orElseThrow();
        DatadogConfig config = new DatadogConfig() {
            @Override
            public String get(String name) {
                return null;
            }

            @Override
            public Duration step() {
                return every;
            }

            @Override
            public String apiKey() {
                return key;
            }

            @Override
            public String uri() {
                return base(to.url());
            }
        };
        return DatadogMeterRegistry.builder(config)
                .httpClient(sender("Datadog at " + to.url()))
                .build();
    }

    private MeterRegistry newRelic(MetricsConfig.NewRelic to) {
        String key = keys.of(to.receiver()).orElseThrow();
        URI url = to.receiver().url();
        NewRelicConfig config = new NewRelicConfig() {
            @Override
            public String get(String name) {
                return null;
            }

            @Override
            public Duration step() {
                return every;
            }

            @Override
            public String apiKey() {
                return key;
            }

            @Override
            public String accountId() {
                return to.account();
            }

            @Override
            public String uri() {
                return base(url);
            }
        };
        return NewRelicMeterRegistry.builder(config)
                .clientProvider(new NewRelicInsightsApiClientProvider(config, sender("New Relic at " + url)))
                .build();
    }

    /** To which Micrometer adds its path. */
    private static String base(URI url) {
        return url.toString().replaceAll("/+$", "");
    }

    private HttpSender sender(String receiver) {
        return new Sender(receiver, warnings);
    }
}
